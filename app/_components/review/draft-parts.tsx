'use client'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { Segmented } from '@/app/_ui/segmented'
import type { Change } from '@/lib/describe-changes'
import { plural } from '@/lib/plural'
import { DraftBar } from './draft-bar'
import { type Author, StaleBanner } from './stale-banner'
import type { Draft, Editing } from './use-draft-editing'

type Verb = 'published' | 'saved'

type Props<T, View extends { version: number }> = {
  verb: Verb
  draft: Draft<T, View>
  editing: Editing<T, View>
}

const views = [
  { value: 'sentences', label: 'Sentences' },
  { value: 'json', label: 'JSON' },
] as const

export function ShownAs<T, View extends { version: number }>({
  label,
  editing,
}: {
  label: string
  editing: Editing<T, View>
}) {
  return <Segmented hideLabel label={label} value={editing.view} choices={views} onChange={editing.showAs} />
}

/** What somebody else did meanwhile, and the choice. */
export function DraftStale<T, View extends { version: number }>({
  verb,
  draft,
  editing,
  latest,
  changes,
  findAuthor,
}: Props<T, View> & {
  latest: View
  /** What they changed. */
  changes: readonly Change[]
  findAuthor: () => Promise<Author | null>
}) {
  if (!draft.stale) return null
  return (
    <div className="mb-4">
      <StaleBanner
        verb={verb}
        findAuthor={findAuthor}
        changes={changes}
        parts={draft.parts}
        onKeep={(givenUp) => editing.replace(() => draft.keepOnTop(latest, givenUp))}
        onDiscard={() => editing.replace(draft.discard)}
      />
    </div>
  )
}

/** What is not published yet: to be reviewed, or discarded once that is confirmed. */
export function DraftEnd<T, View extends { version: number }>({
  verb,
  draft,
  editing,
  place,
  blocked = editing.blocked,
}: Props<T, View> & {
  place: string
  blocked?: string | null
}) {
  const undecided = `Someone ${verb} meanwhile: choose above what to do with your draft`
  return (
    <>
      {(draft.dirty || editing.blocked) && (
        <DraftBar
          count={draft.changes.length}
          place={place}
          blocked={draft.stale ? undecided : blocked}
          onDiscard={editing.discard}
          onReview={editing.review}
        />
      )}
      {editing.doing === 'discard' && (
        <ConfirmDialog
          title="Discard your draft?"
          description={`${plural(draft.changes.length, 'change')} in ${place} will be lost. What is ${verb} stays as it is.`}
          confirm="Discard"
          look="danger"
          onConfirm={async () => {
            editing.replace(draft.discard)
            editing.close()
          }}
          onClose={editing.close}
        />
      )}
    </>
  )
}
