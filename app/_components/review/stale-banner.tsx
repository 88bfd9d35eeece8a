'use client'
import { useEffect, useState } from 'react'
import { ChangeList } from '@/app/_components/change-list'
import { Banner } from '@/app/_ui/banner'
import { Button } from '@/app/_ui/button'
import { Time } from '@/app/_ui/time'
import type { Change } from '@/lib/describe-changes'
import { ClashChoice } from './clash-choice'
import type { Part } from './parts'

export type Author = { name: string; at: string }

/** Who it was, once that is known. The words without a name are true as well, should nobody answer. */
function useAuthor(find: () => Promise<Author | null>): Author | null {
  const [author, setAuthor] = useState<Author | null>(null)
  useEffect(() => {
    let left = false
    find().then(
      (found) => !left && setAuthor(found),
      () => undefined,
    )
    return () => {
      left = true
    }
  }, [find])
  return author
}

type Props = {
  /** "published", "saved" */
  verb: string
  findAuthor: () => Promise<Author | null>
  /** What they changed. */
  changes: readonly Change[]
  /** What either side changed. */
  parts: readonly Part[]
  /** `givenUp`: of these parts theirs is kept. */
  onKeep: (givenUp: ReadonlySet<string>) => void
  onDiscard: () => void
}

/**
 * Somebody saved while this was edited: what they changed, what I did, and, where both changed the same thing, the choice.
 * Everything else comes together by itself.
 */
export function StaleBanner({ verb, findAuthor, changes, parts, onKeep, onDiscard }: Props) {
  const author = useAuthor(findAuthor)
  const [givenUp, setGivenUp] = useState<ReadonlySet<string>>(new Set())
  const clashes = parts.filter(({ clash }) => clash)
  const kept = parts.filter(({ clash }) => !clash).flatMap((part) => part.changes)
  const choose = (id: string, theirs: boolean) => {
    const others = [...givenUp].filter((other) => other !== id)
    setGivenUp(new Set(theirs ? [...others, id] : others))
  }
  return (
    <Banner
      tone="info"
      title={
        <>
          {author?.name ?? 'Someone'} {verb} while you were editing
          {author && (
            <>
              {' '}
              (<Time value={author.at} />)
            </>
          )}
        </>
      }
      actions={
        <>
          <Button size="sm" onClick={onDiscard}>
            Discard mine
          </Button>
          <Button size="sm" look="primary" onClick={() => onKeep(givenUp)}>
            {clashes.length > 0 ? 'Go on with these' : 'Keep mine on top of theirs'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 pt-2">
        <section aria-label="Theirs">
          <h3 className="mb-1 font-medium text-ink text-sm">Theirs</h3>
          <ChangeList changes={changes} />
        </section>
        {kept.length > 0 && (
          <section aria-label="Yours">
            <h3 className="mb-1 font-medium text-ink text-sm">Yours, kept on top</h3>
            <ChangeList changes={kept} />
          </section>
        )}
        {clashes.map((part) => (
          <ClashChoice
            key={part.id}
            part={part}
            them={author?.name ?? 'Theirs'}
            theirs={givenUp.has(part.id)}
            onChoose={(theirs) => choose(part.id, theirs)}
          />
        ))}
      </div>
    </Banner>
  )
}
