'use client'
import { useRouter } from 'next/navigation'
import { sentence } from '@/app/_components/one-time-link'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Banner } from '@/app/_ui/banner'
import { Button } from '@/app/_ui/button'
import { Time } from '@/app/_ui/time'
import { toast } from '@/app/_ui/toast'
import type { IdentityView, SsoChoice } from '@/lib/control/sso/views'
import { ssoApi } from '@/lib/sso-client'

type Props = { identities: IdentityView[]; connections: SsoChoice[]; problem: string | null }

/** Accounts at identity providers that sign this person in. */
export function Identities({ identities, connections, problem }: Props) {
  const router = useRouter()
  const link = useAction(async (connection: string) => {
    window.location.assign((await ssoApi.link(connection)).value.redirect)
  })
  const unlink = useAction(async ({ connection, name }: IdentityView) => {
    await ssoApi.unlink(connection)
    toast.done(`${name} is no longer linked`)
    router.refresh()
  })
  const others = connections.filter(({ key }) => !identities.some(({ connection }) => connection === key))
  if (identities.length === 0 && others.length === 0) return null
  return (
    <section aria-label="Linked accounts" className="mt-4 flex flex-col gap-3">
      <div>
        <h2 className="font-semibold text-base">Linked accounts</h2>
        <p className="text-ink-2">Accounts at identity providers that sign you in here.</p>
      </div>
      {problem !== null && <Banner tone="error" title={sentence(problem)} />}
      <ProblemBanner problem={link.problem ?? unlink.problem} />
      <ul className="card">
        {identities.map((identity) => (
          <li
            key={identity.connection}
            className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b px-4 py-2.5 last:border-b-0"
          >
            <span className="font-medium">{identity.name}</span>
            <span className="min-w-0 flex-1 truncate text-ink-2 text-sm">
              used <Time value={identity.usedAt} />
            </span>
            <Button
              size="sm"
              look="danger-quiet"
              aria-label={`Unlink ${identity.name}`}
              busy={unlink.busy}
              onClick={() => void unlink.run(identity)}
            >
              Unlink
            </Button>
          </li>
        ))}
        {others.map(({ key, name }) => (
          <li
            key={key}
            className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b px-4 py-2.5 last:border-b-0"
          >
            <span className="font-medium">{name}</span>
            <span className="flex-1 text-ink-3 text-sm">not linked</span>
            <Button size="sm" busy={link.busy} aria-label={`Link ${name}`} onClick={() => void link.run(key)}>
              Link…
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
