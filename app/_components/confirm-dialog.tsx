'use client'
import type { ReactNode } from 'react'
import { Button, type Look } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { ProblemBanner } from './problem-banner'
import { useAction } from './use-action'

/** Asks once; stays open with what is wrong when the server refuses. */
export function ConfirmDialog({
  title,
  description,
  confirm,
  look = 'primary',
  blocked = null,
  onConfirm,
  onClose,
  children,
}: {
  title: string
  description: ReactNode
  /** The verb on the button. */
  confirm: string
  look?: Look
  /** Why it cannot be confirmed yet. */
  blocked?: string | null
  onConfirm: () => Promise<void>
  onClose: () => void
  children?: ReactNode
}) {
  const { busy, problem, run } = useAction(onConfirm)
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={description}
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
        <div className="flex flex-col gap-4">
          <ProblemBanner problem={problem} />
          {children}
        </div>
      )}
    </Dialog>
  )
}
