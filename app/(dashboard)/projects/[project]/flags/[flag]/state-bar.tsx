'use client'
import { OctagonX } from 'lucide-react'
import { useState } from 'react'
import { isSensitive } from '@/app/_components/environment-name'
import { KillDialog } from '@/app/_components/kill-dialog'
import { StatusLine } from '@/app/_components/status-line'
import { Button } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import { Switch } from '@/app/_ui/switch'
import { Time } from '@/app/_ui/time'
import type { OfTargeting } from '@/lib/api-client'
import type { EnvironmentView, KillView, TargetingView } from '@/lib/control/views'
import { describeStatus } from '@/lib/describe'
import { SwitchDialog } from './switch-dialog'

type Props = {
  where: OfTargeting
  environment: EnvironmentView
  published: TargetingView
  /** The names of the flag's variants, in its order. */
  variants: readonly string[]
  /** SDKs connected to this environment now. */
  connected: number
  /** Why nothing can be changed here, or null. */
  locked: string | null
  mayKill: boolean
  mayPublish: boolean
  onSwitched: (view: TargetingView, configId: string | undefined) => void
  onStale: (view: TargetingView) => void
  onKilled: (kill: KillView) => void
}

export function StateBar({
  where,
  environment,
  published,
  variants,
  connected,
  locked,
  mayKill,
  mayPublish,
  onSwitched,
  onStale,
  onKilled,
}: Props) {
  const [switching, setSwitching] = useState(false)
  const [killing, setKilling] = useState(false)
  const { kill, on } = published
  return (
    <section
      aria-label={`State in ${environment.name}`}
      className={cx(
        'card flex flex-wrap items-center gap-x-6 gap-y-4 px-5 py-4',
        isSensitive(environment) && 'border-t-2 border-t-caution-line',
      )}
    >
      <Switch
        size="lg"
        label={`${where.flag} in ${environment.name}`}
        checked={on}
        muted={kill !== null}
        onChange={() => setSwitching(true)}
        disabledReason={locked}
      />
      <div className="min-w-0 flex-1 basis-64">
        <p className="text-lg">
          <StatusLine status={describeStatus(published)} large />
        </p>
        <p className="mt-0.5 text-ink-3 text-sm">
          Last published <Time value={published.updatedAt} />
        </p>
      </div>
      <p className="flex items-baseline gap-2">
        <strong className="font-semibold text-2xl">{connected.toLocaleString('en')}</strong>
        <span className="max-w-20 text-ink-2 text-sm leading-4">
          connected {connected === 1 ? 'SDK' : 'SDKs'}
        </span>
      </p>
      {!kill && (
        <Button
          look="danger-quiet"
          disabledReason={!mayKill && 'Killing needs the role publisher'}
          onClick={() => setKilling(true)}
        >
          <OctagonX size={16} aria-hidden /> Kill…
        </Button>
      )}
      {switching && (
        <SwitchDialog
          where={where}
          environment={environment}
          published={published}
          variants={variants}
          mayPublish={mayPublish}
          onSwitched={onSwitched}
          onStale={onStale}
          onClose={() => setSwitching(false)}
        />
      )}
      {killing && (
        <KillDialog
          where={where}
          environment={environment}
          offVariant={published.offVariant}
          onClose={() => setKilling(false)}
          onKilled={(next) => {
            setKilling(false)
            onKilled(next)
          }}
        />
      )}
    </section>
  )
}
