'use client'
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type FormEvent, type ReactNode, useRef } from 'react'
import { buttonClass } from './button'
import { cx } from './cx'

type Props = {
  open: boolean
  onClose: () => void
  title: string
  description?: ReactNode
  children?: ReactNode
  footer: ReactNode
  /** `sheet` slides from the right and uses the whole height. */
  shape?: 'dialog' | 'wide' | 'sheet'
  /** Makes the popup a form, so that Enter submits. */
  onSubmit?: () => void
}

const shapes = {
  dialog: 'top-[12vh] left-1/2 w-[calc(100vw-2rem)] max-w-md max-h-[76vh] -translate-x-1/2 rounded-xl border',
  wide: 'top-[8vh] left-1/2 w-[calc(100vw-2rem)] max-w-2xl max-h-[84vh] -translate-x-1/2 rounded-xl border',
  sheet: 'inset-y-0 right-0 w-full max-w-xl border-l',
} as const

const entry = {
  dialog: 'data-ending-style:scale-[0.98] data-starting-style:scale-[0.98]',
  wide: 'data-ending-style:scale-[0.98] data-starting-style:scale-[0.98]',
  sheet: 'data-ending-style:translate-x-4 data-starting-style:translate-x-4',
} as const

export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  footer,
  shape = 'dialog',
  onSubmit,
}: Props) {
  const content = useRef<HTMLDivElement>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit?.()
  }
  const body = (
    <>
      <header className="px-6 pt-5 pr-14 pb-4">
        <Base.Title className="font-semibold text-lg">{title}</Base.Title>
        {description && (
          <Base.Description render={<div />} className="mt-1 text-ink-2">
            {description}
          </Base.Description>
        )}
      </header>
      {children && (
        <div
          ref={content}
          tabIndex={-1}
          className="min-h-0 flex-1 overflow-y-auto px-6 pt-1 pb-6 focus-visible:outline-none"
        >
          {children}
        </div>
      )}
      <footer className="flex flex-wrap items-center justify-end gap-2 border-t bg-sunken px-6 py-3">
        {footer}
      </footer>
      {/* Last in order: the first focus belongs to the content. */}
      <Base.Close
        aria-label="Close"
        className={cx(buttonClass('ghost', 'sm', true), 'absolute top-5 right-4')}
      >
        <X size={16} aria-hidden />
      </Base.Close>
    </>
  )
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          // A sheet is read from its beginning: its first control may be far below.
          initialFocus={shape === 'sheet' ? content : undefined}
          className={cx(
            'fixed z-40 flex flex-col overflow-hidden bg-raised text-ink transition-[opacity,scale,translate] data-ending-style:opacity-0 data-nested-dialog-open:opacity-40 data-starting-style:opacity-0',
            shapes[shape],
            entry[shape],
          )}
        >
          {onSubmit ? (
            <form onSubmit={submit} noValidate className="flex min-h-0 flex-1 flex-col">
              {body}
            </form>
          ) : (
            body
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
