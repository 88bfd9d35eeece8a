'use client'
import { FlaskConical } from 'lucide-react'
import { useCallback, useState } from 'react'
import { type Plan, plannedNote } from '@/app/_components/publish-plan'
import { DraftEnd, DraftStale, ShownAs } from '@/app/_components/review/draft-parts'
import { useDraftEditing } from '@/app/_components/review/use-draft-editing'
import type { Scope } from '@/app/_components/targeting/line'
import { targetingOf } from '@/app/_components/targeting/targeting-of'
import { Button } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import { toast } from '@/app/_ui/toast'
import { useShortcuts } from '@/app/_ui/use-shortcuts'
import { api, type OfTargeting } from '@/lib/api-client'
import type { EnvironmentView, FlagView, TargetingView } from '@/lib/control/views'
import { describeChanges } from '@/lib/describe-changes'
import { plural } from '@/lib/plural'
import { JsonEditor } from './json-editor'
import { TargetingEditor } from './targeting-editor'
import { TargetingReview } from './targeting-review'
import { TryIt } from './try-it'
import type { DraftState } from './use-draft'

type Props = {
  where: OfTargeting
  environment: EnvironmentView
  flag: FlagView
  published: TargetingView
  scope: Scope
  draft: DraftState
  mayPublish: boolean
  /** The server's newest word, after a publish of ours or somebody else's. */
  onLatest: (view: TargetingView) => void
  onPublished: (configId: string | undefined) => void
}

export function TargetingPanel({
  where,
  environment,
  flag,
  published,
  scope,
  draft,
  mayPublish,
  onLatest,
  onPublished,
}: Props) {
  const [trying, setTrying] = useState(false)
  const [lit, setLit] = useState<string | null>(null)
  const targeting = draft.mine
  useShortcuts({ t: () => setTrying(!trying) })
  const { project, environment: environmentKey, flag: flagKey } = where
  const { updatedAt } = published
  const keptAs = `json:${project}/${flagKey}/${environmentKey}`
  const findAuthor = useCallback(async () => {
    const { value } = await api.versions({ project, environment: environmentKey, flag: flagKey, limit: 1 })
    const theirs = value.items.find((version) => version.at === updatedAt)
    return { name: theirs?.actor.name ?? 'Someone', at: updatedAt }
  }, [project, environmentKey, flagKey, updatedAt])

  const publishNow = async (comment: string, confirm: string[] | undefined) => {
    const count = draft.changes.length
    const body = { ...targeting, ...(comment && { comment }), ...(confirm !== undefined && { confirm }) }
    const { value, published: versions } = await api.publish(where, published.version, body)
    onLatest(value)
    const configId = versions[where.environment]
    const said = `${plural(count, 'change')} ${configId === undefined ? 'in' : 'to'} ${environment.name}`
    if (configId === undefined) toast.done(`Saved ${said}`, 'Applications are served what they were served.')
    else toast.done(`Published ${said}`)
    onPublished(configId)
  }

  const submit = async (comment: string, { mode, at }: Plan) => {
    if (mode === 'publish') return
    const input = { flag: where.flag, ...targeting }
    const changes = [{ op: 'targeting', ifMatch: String(published.version), input }]
    await api.submitChanges(where, { changes, mode, comment, ...(at !== undefined && { at }) })
    toast.done(plannedNote({ mode, at }), 'It stands under Approvals.')
  }

  const editing = useDraftEditing(draft, {
    keptAs,
    onSend: (comment, plan) =>
      plan.mode === 'publish' ? publishNow(comment, plan.confirm) : submit(comment, plan),
    onCurrent: onLatest,
  })
  const { refused } = editing

  return (
    <>
      <DraftStale
        verb="published"
        draft={draft}
        editing={editing}
        latest={published}
        changes={describeChanges(draft.base, targetingOf(published))}
        findAuthor={findAuthor}
      />
      <div className="mb-3 flex items-end justify-end gap-2">
        <Button aria-pressed={trying} aria-keyshortcuts="t" onClick={() => setTrying(!trying)}>
          <FlaskConical size={16} aria-hidden /> Try it
        </Button>
        <ShownAs label="Show targeting as" editing={editing} />
      </div>
      <div className={cx('grid grid-cols-1 gap-4', trying && 'xl:grid-cols-[minmax(0,1fr)_20rem]')}>
        {editing.view === 'json' ? (
          <JsonEditor
            key={editing.rewritten}
            flag={flag}
            segments={scope.segments}
            targeting={targeting}
            keptAs={keptAs}
            onChange={draft.edit}
            onBlocked={editing.setBlocked}
          />
        ) : (
          <TargetingEditor
            project={where.project}
            flag={flag.key}
            targeting={targeting}
            scope={scope}
            refusal={refused && { targeting: refused.mine, problems: refused.fields }}
            lit={lit}
            onChange={editing.edit}
          />
        )}
        {trying && (
          <TryIt
            project={where.project}
            flag={flag}
            published={published}
            targeting={targeting}
            onDecided={setLit}
          />
        )}
      </div>
      <DraftEnd verb="published" draft={draft} editing={editing} place={environment.name} />
      {editing.doing === 'review' && (
        <TargetingReview
          environment={environment}
          variants={Object.keys(flag.variants)}
          published={published}
          targeting={targeting}
          busy={editing.busy}
          problem={editing.problem}
          mayPublish={mayPublish}
          comment={draft.comment}
          onComment={draft.say}
          onPublish={editing.send}
          onClose={editing.close}
        />
      )}
    </>
  )
}
