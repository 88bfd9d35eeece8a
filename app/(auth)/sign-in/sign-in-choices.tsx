'use client'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { OneTimeLinkHelp, sentence } from '@/app/_components/one-time-link'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Banner } from '@/app/_ui/banner'
import { Button } from '@/app/_ui/button'
import type { SsoChoice } from '@/lib/control/sso/views'
import { ssoApi } from '@/lib/sso-client'
import { BreakGlassForm } from './break-glass-form'

type Props = {
  connections: SsoChoice[]
  breakGlass: boolean
  /** A page to go to afterwards. */
  next: string | undefined
  /** Who is signed in and has to prove it once more. */
  again: string | null
  /** What became of the log-in before. */
  problem: string | null
}

function Disclosure({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <details className="group border-t py-3 last:border-b">
      <summary className="flex list-none items-center gap-2 rounded-sm font-medium [&::-webkit-details-marker]:hidden">
        <ChevronRight
          size={16}
          aria-hidden
          className="text-ink-3 transition-transform group-open:rotate-90"
        />
        {title}
      </summary>
      <div className="pt-3 pb-1 pl-6">{children}</div>
    </details>
  )
}

/** The ways in: identity providers first, then what works without them. */
export function SignInChoices({ connections, breakGlass, next, again, problem }: Props) {
  const [leaving, setLeaving] = useState<string | null>(null)
  const begin = useAction(async (connection: string) => {
    setLeaving(connection)
    const { value } = await ssoApi.signIn({ connection, next, again: again !== null })
    window.location.assign(value.redirect)
  })
  const hasOthers = connections.length > 0
  return (
    <>
      <h1 className="font-semibold text-xl">{again === null ? 'Sign in' : 'Sign in again'}</h1>
      <p className="mt-1 mb-6 text-ink-2">
        {again !== null
          ? `Show once more that you are ${again}. The page that you came from stays as it is.`
          : hasOthers
            ? 'Use the account that you use at work.'
            : 'Use the link that somebody sent you.'}
      </p>
      <div className="mb-4 empty:hidden">
        {problem !== null && !begin.problem && <Banner tone="error" title={sentence(problem)} />}
        <ProblemBanner problem={begin.problem} />
      </div>
      <div className="flex flex-col gap-2">
        {connections.map(({ key, name }, index) => (
          <Button
            key={key}
            size="lg"
            look={index === 0 ? 'primary' : 'secondary'}
            busy={begin.busy && leaving === key}
            autoFocus={index === 0}
            onClick={() => void begin.run(key)}
          >
            {again === null ? `Continue with ${name}` : `Sign in again through ${name}`}
          </Button>
        ))}
      </div>
      <div className="mt-8">
        <Disclosure title="Sign in with a link">
          <OneTimeLinkHelp />
        </Disclosure>
        {breakGlass && (
          <Disclosure title="Break the glass">
            <BreakGlassForm next={again === null ? next : '/signed-in'} />
          </Disclosure>
        )}
      </div>
    </>
  )
}
