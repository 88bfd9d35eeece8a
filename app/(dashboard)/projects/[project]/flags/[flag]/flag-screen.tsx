'use client'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useMemo, useTransition } from 'react'
import { EnvironmentName } from '@/app/_components/environment-name'
import { rememberFlag } from '@/app/_components/palette/recent'
import { StatusGlyph } from '@/app/_components/status-line'
import { seenByName } from '@/app/_components/targeting/seen'
import { useLatest } from '@/app/_components/use-latest'
import { cx } from '@/app/_ui/cx'
import { NavTabs } from '@/app/_ui/nav-tabs'
import type { EnvironmentView, FlagView, ProjectView, SeenAttributeView } from '@/lib/control/views'
import { describeStatus } from '@/lib/describe'
import { type FlagTab, paths } from '@/lib/paths'
import { attributesOf } from './attributes-of'
import { FlagHeader } from './flag-header'
import { KillBanner } from './kill-banner'
import { PublishedNote } from './published-note'
import { StateBar } from './state-bar'
import { TargetingPanel } from './targeting/targeting-panel'
import { TargetingText } from './targeting/targeting-text'
import { useTargetingDraft } from './targeting/use-draft'
import { usePublishedNote } from './use-published-note'

export type FlagMay = { write: boolean; publish: boolean; kill: boolean }

type Props = {
  project: ProjectView
  environment: EnvironmentView
  flag: FlagView
  tab: FlagTab
  segments: string[]
  seenAttributes: SeenAttributeView[]
  connected: number
  may: FlagMay
  /** What stands under a tab other than targeting. */
  children: ReactNode
}

const tabs: { tab: FlagTab; label: string }[] = [
  { tab: 'targeting', label: 'Targeting' },
  { tab: 'insights', label: 'Insights' },
  { tab: 'history', label: 'History' },
  { tab: 'settings', label: 'Settings' },
  { tab: 'code', label: 'Code' },
]

const lockedBecause = (flag: FlagView, may: FlagMay) => {
  if (flag.archivedAt) return 'This flag is archived: bring it back first'
  return may.write ? null : 'Changing flags needs the role editor'
}

export function FlagScreen({
  project,
  environment,
  flag,
  tab,
  segments,
  seenAttributes,
  connected,
  may,
  children,
}: Props) {
  const router = useRouter()
  const where = { project: project.key, flag: flag.key, environment: environment.key }
  const [published, setPublished] = useLatest(flag.environments[environment.key]!)
  const draft = useTargetingDraft(`draft:${project.key}/${flag.key}/${environment.key}`, published)
  const note = usePublishedNote(where)
  const [leaving, startLeaving] = useTransition()
  const locked = lockedBecause(flag, may)
  useEffect(
    () => rememberFlag({ project: project.key, key: flag.key, name: flag.name }),
    [project.key, flag.key, flag.name],
  )
  const seen = useMemo(() => seenByName(seenAttributes), [seenAttributes])
  const variants = useMemo(() => Object.keys(flag.variants), [flag.variants])
  const scope = {
    variants,
    offVariant: draft.mine.offVariant,
    segments,
    attributes: useMemo(() => attributesOf(flag, Object.keys(seen)), [flag, seen]),
    seen,
  }

  const tellReach = (configId: string | undefined) => {
    note.show(configId ?? null)
    router.refresh()
  }

  return (
    <div className="mx-auto max-w-6xl">
      <FlagHeader project={project} flag={flag} may={may} />
      <NavTabs
        label="Environment"
        onGo={(href) => startLeaving(() => router.push(href, { scroll: false }))}
        tabs={project.environments.map((candidate) => {
          const at = candidate.key === environment.key ? published : flag.environments[candidate.key]
          return {
            href: paths.flag({ project: project.key, flag: flag.key, environment: candidate.key, tab }),
            current: candidate.key === environment.key,
            label: (
              <>
                {at && <StatusGlyph state={describeStatus(at).state} />}
                <EnvironmentName environment={candidate} />
              </>
            ),
          }
        })}
      />
      {/* On the way to another environment nothing can be changed in this one by mistake. */}
      <div inert={leaving} className={cx('transition-opacity', leaving && 'opacity-50')}>
        <div className="mt-5 flex flex-col gap-3">
          {published.kill && (
            <KillBanner
              key={published.kill.id}
              where={where}
              environment={environment}
              kill={published.kill}
              locked={locked ?? (may.publish ? null : 'Restoring needs the role publisher')}
              onLifted={() => {
                setPublished({ ...published, kill: null })
                router.refresh()
              }}
            />
          )}
          <StateBar
            where={where}
            environment={environment}
            published={published}
            variants={variants}
            connected={connected}
            locked={locked}
            mayKill={may.kill && !flag.archivedAt}
            mayPublish={may.publish}
            onSwitched={(view, configId) => {
              setPublished(view)
              draft.keepOnTop(view)
              tellReach(configId)
            }}
            onStale={setPublished}
            onKilled={(kill) => {
              setPublished({ ...published, kill })
              tellReach(undefined)
            }}
          />
          <PublishedNote {...note} />
        </div>
        <div className="mt-6 mb-5">
          <NavTabs
            label="Flag"
            tabs={tabs.map(({ tab: candidate, label }) => ({
              href: paths.flag({ ...where, tab: candidate }),
              current: candidate === tab,
              label,
            }))}
          />
        </div>
        {tab !== 'targeting' && children}
        {tab === 'targeting' &&
          (locked ? (
            <TargetingText targeting={published} variants={variants} />
          ) : (
            <TargetingPanel
              where={where}
              environment={environment}
              onLatest={setPublished}
              onPublished={tellReach}
              flag={flag}
              published={published}
              scope={scope}
              draft={draft}
              mayPublish={may.publish}
            />
          ))}
      </div>
    </div>
  )
}
