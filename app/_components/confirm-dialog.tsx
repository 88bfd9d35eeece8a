'use client'
import type { ComponentProps, ReactNode } from 'react'
import { FormDialog } from './form-dialog'

type Props = Pick<
  ComponentProps<typeof FormDialog>,
  'title' | 'confirm' | 'look' | 'blocked' | 'onConfirm' | 'onClose'
> & { description: ReactNode; children?: ReactNode }

/** Asks once, and says what follows. */
export const ConfirmDialog = (props: Props) => <FormDialog {...props} />
