'use client'
import type { ReactNode } from 'react'
import { Button, type Look } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import { Dialog } from '@/app/_ui/dialog'
import { ProblemBanner } from './problem-banner'
import { useAction } from './use-action'

type FieldError = (path: string) => string | undefined

/** A form that is sent by one button: it stays open, with what was typed and what is wrong, when the server refuses. */
export function FormDialog({
  open = true,
  title,
  description,
  shape = 'dialog',
  confirm,
  look = 'primary',
  blocked = null,
  shown,
  onConfirm,
  onClose,
  children,
}: {
  open?: boolean
  title: string
  description?: ReactNode
  shape?: 'dialog' | 'wide'
  /** The verb on the button. */
  confirm: string
  look?: Look
  /** Why it cannot be confirmed yet. */
  blocked?: string | null
  /** Fields that show what is wrong with them themselves. */
  shown?: readonly string[]
  onConfirm: () => Promise<void>
  onClose: () => void
  children?: ReactNode | ((fieldError: FieldError) => ReactNode)
}) {
  const { busy, problem, run, fieldError } = useAction(onConfirm)
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      description={description}
      shape={shape}
      onSubmit={() => !blocked && run()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look={look} busy={busy} disabledReason={blocked}>
            {confirm}
          </Button>
        </>
      }
    >
      {(problem || children) && (
        <div className={cx('flex flex-col', shape === 'wide' ? 'gap-5' : 'gap-4')}>
          <ProblemBanner problem={problem} shown={shown} />
          {typeof children === 'function' ? children(fieldError) : children}
        </div>
      )}
    </Dialog>
  )
}
