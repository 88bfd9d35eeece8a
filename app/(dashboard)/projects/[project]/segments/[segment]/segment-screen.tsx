'use client'
import { useRouter } from 'next/navigation'
import { useCallback, useMemo, useState } from 'react'
import { namesOf, type Plan, plannedNote } from '@/app/_components/publish-plan'
import { DraftEnd, DraftStale, ShownAs } from '@/app/_components/review/draft-parts'
import { useDraftEditing } from '@/app/_components/review/use-draft-editing'
import type { ConditionScope } from '@/app/_components/targeting/line'
import { type Kind, useDraft } from '@/app/_components/use-draft'
import { useLatest } from '@/app/_components/use-latest'
import { toast } from '@/app/_ui/toast'
import { api } from '@/lib/api-client'
import type { EnvironmentView, ProjectView, SegmentBody, SegmentUses, SegmentView } from '@/lib/control/views'
import { describeSegmentChanges } from '@/lib/describe-segment'
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
  const [renaming, setRenaming] = useState(false)
  const reached = project.environments.filter(({ key }) => uses.environments.includes(key))
  const save = useSaving(project.key, saved, reached)
  const locked = may.write ? null : 'Changing segments needs the role editor'
  const body = draft.mine
  const savedBody = useMemo(() => bodyOf(saved), [saved])
  const tooLarge = useTooLarge(draft.dirty ? body : null)

  const findAuthor = useCallback(
    () => api.lastEntry({ project: project.key, target: `segment:${segment.key}` }),
    [project.key, segment.key],
  )

  const keptAs = `json:${project.key}/segment/${segment.key}`
  const editing = useDraftEditing(draft, {
    keptAs,
    onSend: async (comment, plan) => {
      const value = await save(body, comment, plan)
      if (value) setSaved(value)
      router.refresh()
    },
    onCurrent: setSaved,
  })
  const { refused } = editing

  return (
    <div className="mx-auto max-w-6xl">
      <SegmentHeader
        project={project.key}
        segment={{ ...saved, name: body.name }}
        uses={uses}
        locked={locked}
        onRename={() => setRenaming(true)}
      />
      <DraftStale
        verb="saved"
        draft={draft}
        editing={editing}
        latest={saved}
        changes={describeSegmentChanges(draft.base, savedBody)}
        findAuthor={findAuthor}
      />
      <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-[minmax(0,1fr)_18rem]">
        <div className="min-w-0">
          {locked ? (
            <SegmentText segment={saved} />
          ) : (
            <>
              <div className="mb-3 flex items-center justify-between gap-2">
                <h2 className="font-semibold">Who is in it</h2>
                <ShownAs label="Show conditions as" editing={editing} />
              </div>
              {editing.view === 'json' ? (
                <SegmentJson
                  key={editing.rewritten}
                  segment={segment.key}
                  others={scope.segments}
                  body={body}
                  keptAs={keptAs}
                  onChange={draft.edit}
                  onBlocked={editing.setBlocked}
                />
              ) : (
                <SegmentEditor
                  segment={segment.key}
                  body={body}
                  scope={scope}
                  problems={refused?.mine === body ? refused.fields : []}
                  onChange={editing.edit}
                />
              )}
              <DraftEnd
                verb="saved"
                draft={draft}
                editing={editing}
                place={saved.name}
                blocked={editing.blocked ?? tooLarge}
              />
            </>
          )}
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <UsesPanel project={project.key} environments={project.environments} uses={uses} />
          <TrySomebody project={project.key} segment={segment.key} body={locked ? savedBody : body} />
        </div>
      </div>
      {editing.doing === 'review' && (
        <SegmentReview
          project={project.key}
          segment={segment.key}
          name={saved.name}
          saved={savedBody}
          body={body}
          uses={uses}
          through={through}
          reached={reached}
          busy={editing.busy}
          problem={editing.problem}
          mayPublish={may.publish || reached.length === 0}
          comment={draft.comment}
          onComment={draft.say}
          onPublish={editing.send}
          onClose={editing.close}
        />
      )}
      {renaming && (
        <RenameDialog
          name={body.name}
          onRename={(name) => {
            draft.edit({ ...body, name })
            setRenaming(false)
          }}
          onClose={() => setRenaming(false)}
        />
      )}
    </div>
  )
}
