'use client'
import { useRouter } from 'next/navigation'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { forgetText, keptText } from '@/app/_components/kept-text'
import { namesOf, type Plan, plannedNote } from '@/app/_components/publish-plan'
import { DraftBar } from '@/app/_components/review/draft-bar'
import { StaleBanner } from '@/app/_components/review/stale-banner'
import type { ConditionScope } from '@/app/_components/targeting/line'
import { type Kind, useDraft } from '@/app/_components/use-draft'
import { useLatest } from '@/app/_components/use-latest'
import { Segmented } from '@/app/_ui/segmented'
import { toast } from '@/app/_ui/toast'
import { ApiError, api, type FieldProblem, type Problem } from '@/lib/api-client'
import type { EnvironmentView, ProjectView, SegmentBody, SegmentUses, SegmentView } from '@/lib/control/views'
import { describeSegmentChanges } from '@/lib/describe-segment'
import { plural } from '@/lib/plural'
import { compare, rebase } from './rebase'
import { RenameDialog } from './rename-dialog'
import { SegmentEditor } from './segment-editor'
import { SegmentHeader } from './segment-header'
import { SegmentJson } from './segment-json'
import { SegmentReview } from './segment-review'
import { SegmentText } from './segment-text'
import { TrySomebody } from './try-somebody'
import { useTooLarge } from './use-too-large'
import { UsesPanel } from './uses-panel'

const bodyOf = ({ name, by, included, excluded, any }: SegmentView): SegmentBody => ({
  name,
  by,
  included,
  excluded,
  any,
})

const segments: Kind<SegmentBody, SegmentView> = {
  of: bodyOf,
  changes: describeSegmentChanges,
  compare,
  rebase,
}

const views = [
  { value: 'sentences', label: 'Sentences' },
  { value: 'json', label: 'JSON' },
] as const

type Doing = 'review' | 'discard' | 'rename' | null

/** Where others have to approve, or where most of them have to: the proposal stands there. */
const strictest = (reached: readonly EnvironmentView[]) =>
  [...reached].sort(
    (a, b) => Number(b.protected) - Number(a.protected) || b.policy.approvals - a.policy.approvals,
  )[0]

function useSaving(project: string, segment: SegmentView, reached: readonly EnvironmentView[]) {
  const where = { project, segment: segment.key }
  return async (
    body: SegmentBody,
    comment: string,
    { mode, confirm, at }: Plan,
  ): Promise<SegmentView | null> => {
    if (mode === 'publish') {
      const said = { ...(comment && { comment }), ...(confirm && { confirm }) }
      const { value } = await api.saveSegment(where, segment.version, { ...body, ...said })
      toast.done(`Saved ${value.name}`, reached.length > 0 ? `Published to ${namesOf(reached)}.` : undefined)
      return value
    }
    const changes = [
      { op: 'segment', ifMatch: String(segment.version), input: { segment: segment.key, ...body } },
    ]
    const place = { project, environment: strictest(reached)!.key }
    await api.submitChanges(place, { changes, mode, comment, ...(at !== undefined && { at }) })
    toast.done(plannedNote({ mode, ...(at !== undefined && { at }) }), 'It stands under Approvals.')
    return null
  }
}

export function SegmentScreen({
  project,
  segment,
  uses,
  through,
  scope,
  may,
}: {
  project: ProjectView
  segment: SegmentView
  uses: SegmentUses
  /** Segments through which rules reach this one. */
  through: readonly string[]
  scope: ConditionScope
  may: { write: boolean; publish: boolean }
}) {
  const router = useRouter()
  const [saved, setSaved] = useLatest(segment)
  const draft = useDraft(`draft:${project.key}/segment/${segment.key}`, saved, segments)
  const [view, setView] = useState<'sentences' | 'json'>('sentences')
  const [doing, setDoing] = useState<Doing>(null)
  const [blocked, setBlocked] = useState<string | null>(null)
  const [rewritten, setRewritten] = useState(0)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [refused, setRefused] = useState<{ body: SegmentBody; fields: FieldProblem[] } | null>(null)
  const reached = project.environments.filter(({ key }) => uses.environments.includes(key))
  const save = useSaving(project.key, saved, reached)
  const locked = may.write ? null : 'Changing segments needs the role editor'
  const body = draft.mine
  const savedBody = useMemo(() => bodyOf(saved), [saved])
  const keptAs = `json:${project.key}/segment/${segment.key}`
  useEffect(() => {
    if (keptText(keptAs) !== null) setView('json')
  }, [keptAs])
  const tooLarge = useTooLarge(draft.dirty ? body : null)

  const findAuthor = useCallback(
    () => api.lastEntry({ project: project.key, target: `segment:${segment.key}` }),
    [project.key, segment.key],
  )

  const fail = (error: unknown) => {
    if (!(error instanceof ApiError)) throw error
    if (error.status === 412 && error.problem.current) {
      setSaved(error.problem.current as SegmentView)
      setDoing(null)
      return
    }
    setProblem(error.problem)
    setRefused({ body, fields: error.fields })
  }
  const submit = async (comment: string, plan: Plan) => {
    setBusy(true)
    setProblem(null)
    try {
      const value = await save(body, comment.trim(), plan)
      if (value) setSaved(value)
      draft.discard()
      setRefused(null)
      setDoing(null)
      router.refresh()
    } catch (error) {
      fail(error)
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

  return (
    <div className="mx-auto max-w-6xl">
      <SegmentHeader
        project={project.key}
        segment={{ ...saved, name: body.name }}
        uses={uses}
        locked={locked}
        onRename={() => setDoing('rename')}
      />
      {draft.stale && (
        <div className="mb-4">
          <StaleBanner
            verb="saved"
            findAuthor={findAuthor}
            changes={describeSegmentChanges(draft.base, savedBody)}
            parts={draft.parts}
            onKeep={(givenUp) => replace(() => draft.keepOnTop(saved, givenUp))}
            onDiscard={() => replace(draft.discard)}
          />
        </div>
      )}
      <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-[minmax(0,1fr)_18rem]">
        <div className="min-w-0">
          {locked ? (
            <SegmentText segment={saved} />
          ) : (
            <>
              <div className="mb-3 flex items-center justify-between gap-2">
                <h2 className="font-semibold">Who is in it</h2>
                <Segmented
                  hideLabel
                  label="Show conditions as"
                  value={view}
                  choices={views}
                  onChange={(next) => {
                    setView(next)
                    setBlocked(null)
                  }}
                />
              </div>
              {view === 'json' ? (
                <SegmentJson
                  key={rewritten}
                  segment={segment.key}
                  others={scope.segments}
                  body={body}
                  keptAs={keptAs}
                  onChange={draft.edit}
                  onBlocked={setBlocked}
                />
              ) : (
                <SegmentEditor
                  segment={segment.key}
                  body={body}
                  scope={scope}
                  problems={refused?.body === body ? refused.fields : []}
                  onChange={(next) => {
                    forgetText(keptAs)
                    draft.edit(next)
                  }}
                />
              )}
              {(draft.dirty || blocked) && (
                <DraftBar
                  count={draft.changes.length}
                  place={saved.name}
                  blocked={
                    draft.stale
                      ? 'Someone saved meanwhile: choose above what to do with your draft'
                      : (blocked ?? tooLarge)
                  }
                  onDiscard={() => setDoing('discard')}
                  onReview={() => {
                    setProblem(null)
                    setDoing('review')
                  }}
                />
              )}
            </>
          )}
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <UsesPanel project={project.key} environments={project.environments} uses={uses} />
          <TrySomebody project={project.key} segment={segment.key} body={locked ? savedBody : body} />
        </div>
      </div>
      {doing === 'review' && (
        <SegmentReview
          project={project.key}
          segment={segment.key}
          name={saved.name}
          saved={savedBody}
          body={body}
          uses={uses}
          through={through}
          reached={reached}
          busy={busy}
          problem={problem}
          mayPublish={may.publish || reached.length === 0}
          comment={draft.comment}
          onComment={draft.say}
          onPublish={submit}
          onClose={() => setDoing(null)}
        />
      )}
      {doing === 'discard' && (
        <ConfirmDialog
          title="Discard your draft?"
          description={`${plural(draft.changes.length, 'unsaved change')} of ${saved.name} will be lost. What is saved stays as it is.`}
          confirm="Discard"
          look="danger"
          onConfirm={async () => {
            replace(draft.discard)
            setDoing(null)
          }}
          onClose={() => setDoing(null)}
        />
      )}
      {doing === 'rename' && (
        <RenameDialog
          name={body.name}
          onRename={(name) => {
            draft.edit({ ...body, name })
            setDoing(null)
          }}
          onClose={() => setDoing(null)}
        />
      )}
    </div>
  )
}
