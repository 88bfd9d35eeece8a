'use client'
import { Button } from '@/app/_ui/button'
import { CopyButton } from '@/app/_ui/copy-button'
import type { SecretWebhook } from '@/lib/api-client'

/** The only time that the secret is in sight. */
export function NewSecret({ webhook, onDone }: { webhook: SecretWebhook; onDone: () => void }) {
  const { name, payload, previousUntil, secret } = webhook
  return (
    <section aria-label="New secret" className="card border-accent p-5">
      <div className="flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold text-lg">
            {previousUntil ? `${name} has a new secret` : `${name} is ready`}
          </h2>
          <p className="text-ink-2">
            Copy the secret now: it is shown this once.{' '}
            {payload === 'slack'
              ? 'Slack does not ask for it.'
              : 'Whoever receives the messages checks their signatures with it.'}
            {previousUntil && ' The one before signs as well for 24 hours.'}
          </p>
        </div>
        <Button onClick={onDone}>Done</Button>
      </div>
      <div className="mt-4 flex items-center gap-2 rounded-md border border-control bg-sunken py-1 pr-1 pl-3">
        <code className="min-w-0 flex-1 select-all break-all font-mono text-sm">{secret}</code>
        <CopyButton text={secret} label="Copy the secret" caption="Copy" />
      </div>
    </section>
  )
}
