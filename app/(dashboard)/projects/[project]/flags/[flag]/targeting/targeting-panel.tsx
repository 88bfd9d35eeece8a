'use client'
import { FlaskConical } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { forgetText, keptText } from '@/app/_components/kept-text'
import { type Plan, plannedNote } from '@/app/_components/publish-plan'
import { DraftBar } from '@/app/_components/review/draft-bar'
import { StaleBanner } from '@/app/_components/review/stale-banner'
import type { Scope } from '@/app/_components/targeting/line'
import { targetingOf } from '@/app/_components/targeting/targeting-of'
import { Button } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import { Segmented } from '@/app/_ui/segmented'
import { toast } from '@/app/_ui/toast'
import { useShortcuts } from '@/app/_ui/use-shortcuts'
import { ApiError, api, type OfTargeting, type Problem } from '@/lib/api-client'
import type { EnvironmentView, FlagView, TargetingView } from '@/lib/control/views'
import { describeChanges } from '@/lib/describe-changes'
import { plural } from '@/lib/plural'
import { JsonEditor } from './json-editor'
import type { Refusal } from './problems'
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

const views = [
  { value: 'sentences', label: 'Sentences' },
  { value: 'json', label: 'JSON' },
] as const

const UNDECIDED = 'Someone published meanwhile: choose above what to do with your draft'

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
  const [view, setView] = useState<'sentences' | 'json'>('sentences')
  const [trying, setTrying] = useState(false)
  const [lit, setLit] = useState<string | null>(null)
  const [blocked, setBlocked] = useState<string | null>(null)
  const [reviewing, setReviewing] = useState(false)
  const [discarding, setDiscarding] = useState(false)
  /** Raised when the draft is replaced from outside the text that the JSON editor holds. */
  const [rewritten, setRewritten] = useState(0)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const { targeting } = draft
  useShortcuts({ t: () => setTrying(!trying) })
  const { project, environment: environmentKey, flag: flagKey } = where
  const { updatedAt } = published
  const keptAs = `json:${project}/${flagKey}/${environmentKey}`
  useEffect(() => {
    if (keptText(keptAs) !== null) setView('json')
  }, [keptAs])
  const findAuthor = useCallback(async () => {
    const { value } = await api.versions({ project, environment: environmentKey, flag: flagKey, limit: 1 })
    const theirs = value.items.find((version) => version.at === updatedAt)
    return { name: theirs?.actor.name ?? 'Someone', at: updatedAt }
  }, [project, environmentKey, flagKey, updatedAt])

  const refused = (error: unknown) => {
    if (!(error instanceof ApiError)) throw error
    if (error.status === 412 && error.problem.current) {
      onLatest(error.problem.current as TargetingView)
      setReviewing(false)
      return
    }
    setProblem(error.problem)
    setRefusal({ targeting, problems: error.fields })
  }

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

  const publish = async (comment: string, plan: Plan) => {
    setBusy(true)
    setProblem(null)
    try {
      const said = comment.trim()
      await (plan.mode === 'publish' ? publishNow(said, plan.confirm) : submit(said, plan))
      draft.discard()
      setRefusal(null)
      setReviewing(false)
    } catch (error) {
      refused(error)
    } finally {
      setBusy(false)
    }
  }

  const replace = (change: () => void) => {
    change()
    forgetText(keptAs)
    setBlocked(null)
    setRewritten(rewritten + 1)
  }

  const showAs = (next: 'sentences' | 'json') => {
    setView(next)
    setBlocked(null)
  }

  return (
    <>
      {draft.stale && (
        <div className="mb-4">
          <StaleBanner
            verb="published"
            findAuthor={findAuthor}
            changes={describeChanges(draft.base, targetingOf(published))}
            parts={draft.parts}
            onKeep={(givenUp) => replace(() => draft.keepOnTop(published, givenUp))}
            onDiscard={() => replace(draft.discard)}
          />
        </div>
      )}
      <div className="mb-3 flex items-end justify-end gap-2">
        <Button aria-pressed={trying} aria-keyshortcuts="t" onClick={() => setTrying(!trying)}>
          <FlaskConical size={16} aria-hidden /> Try it
        </Button>
        <Segmented hideLabel label="Show targeting as" value={view} choices={views} onChange={showAs} />
      </div>
      <div className={cx('grid grid-cols-1 gap-4', trying && 'xl:grid-cols-[minmax(0,1fr)_20rem]')}>
        {view === 'json' ? (
          <JsonEditor
            key={rewritten}
            flag={flag}
            segments={scope.segments}
            targeting={targeting}
            keptAs={keptAs}
            onChange={draft.edit}
            onBlocked={setBlocked}
          />
        ) : (
          <TargetingEditor
            project={where.project}
            flag={flag.key}
            targeting={targeting}
            scope={scope}
            refusal={refusal}
            lit={lit}
            onChange={(next) => {
              forgetText(keptAs)
              draft.edit(next)
            }}
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
      {(draft.dirty || blocked) && (
        <DraftBar
          count={draft.changes.length}
          place={environment.name}
          blocked={draft.stale ? UNDECIDED : blocked}
          onDiscard={() => setDiscarding(true)}
          onReview={() => {
            setProblem(null)
            setReviewing(true)
          }}
        />
      )}
      {reviewing && (
        <TargetingReview
          environment={environment}
          variants={Object.keys(flag.variants)}
          published={published}
          targeting={targeting}
          busy={busy}
          problem={problem}
          mayPublish={mayPublish}
          comment={draft.comment}
          onComment={draft.say}
          onPublish={publish}
          onClose={() => setReviewing(false)}
        />
      )}
      {discarding && (
        <ConfirmDialog
          title="Discard your draft?"
          description={`${plural(draft.changes.length, 'unpublished change')} in ${environment.name} will be lost. What is published stays as it is.`}
          confirm="Discard"
          look="danger"
          onConfirm={async () => {
            replace(draft.discard)
            setDiscarding(false)
          }}
          onClose={() => setDiscarding(false)}
        />
      )}
    </>
  )
}
