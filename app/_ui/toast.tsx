'use client'
import { Toast } from '@base-ui/react/toast'
import { CircleAlert, CircleCheck, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { buttonClass } from './button'
import { cx } from './cx'

const LIFETIME_MS = 6_000

const manager = Toast.createToastManager()

/** Says what was done, or what went wrong, without taking the focus. */
export const toast = {
  done: (title: string, description?: ReactNode) => manager.add({ type: 'done', title, description }),
  failed: (title: string, description?: ReactNode) =>
    manager.add({ type: 'failed', title, description, priority: 'high', timeout: 0 }),
}

function Toasts() {
  const { toasts } = Toast.useToastManager()
  return toasts.map((item) => {
    const failed = item.type === 'failed'
    const Icon = failed ? CircleAlert : CircleCheck
    return (
      <Toast.Root
        key={item.id}
        toast={item}
        data-toast
        className="w-full rounded-lg border border-line-strong bg-raised transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0"
      >
        <Toast.Content className="flex items-start gap-3 py-3 pr-2 pl-4">
          <Icon
            size={18}
            aria-hidden
            className={cx('mt-px shrink-0', failed ? 'text-problem' : 'text-accent-ink')}
          />
          <div className="min-w-0 flex-1">
            <Toast.Title className="font-medium" />
            <Toast.Description className="mt-0.5 text-ink-2" />
          </div>
          <Toast.Close aria-label="Dismiss" className={buttonClass('ghost', 'sm', true)}>
            <X size={14} aria-hidden />
          </Toast.Close>
        </Toast.Content>
      </Toast.Root>
    )
  })
}

export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider toastManager={manager} timeout={LIFETIME_MS}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 z-50 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2">
          <Toasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}
