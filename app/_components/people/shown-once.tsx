import { Button } from '@/app/_ui/button'
import { CopyButton } from '@/app/_ui/copy-button'

/** A secret in the only moment that it is in sight. */
export function ShownOnce({
  title,
  secret,
  label,
  children,
  onDone,
}: {
  title: string
  secret: string
  /** What it is, for the copy button. */
  label: string
  children: string
  onDone: () => void
}) {
  return (
    <section aria-label={title} className="card border-accent p-5">
      <div className="flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold text-lg">{title}</h2>
          <p className="text-ink-2">{children}</p>
        </div>
        <Button onClick={onDone}>Done</Button>
      </div>
      <div className="mt-4 flex items-center gap-2 rounded-md border border-control bg-sunken py-1 pr-1 pl-3">
        <code className="min-w-0 flex-1 select-all break-all font-mono text-sm">{secret}</code>
        <CopyButton text={secret} label={`Copy the ${label}`} caption="Copy" />
      </div>
    </section>
  )
}
