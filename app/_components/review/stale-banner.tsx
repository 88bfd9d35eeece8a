'use client'
import { useEffect, useState } from 'react'
import { ChangeList } from '@/app/_components/change-list'
import { Banner } from '@/app/_ui/banner'
import { Button } from '@/app/_ui/button'
import { Time } from '@/app/_ui/time'
import type { Change } from '@/lib/describe-changes'

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

/** Somebody saved while this was edited: what they changed, and what is to become of mine. */
export function StaleBanner({
  verb,
  findAuthor,
  changes,
  onKeep,
  onDiscard,
}: {
  /** "published", "saved" */
  verb: string
  findAuthor: () => Promise<Author | null>
  changes: readonly Change[]
  onKeep: () => void
  onDiscard: () => void
}) {
  const author = useAuthor(findAuthor)
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
          <Button size="sm" look="primary" onClick={onKeep}>
            Keep mine on top of theirs
          </Button>
        </>
      }
    >
      <ChangeList changes={changes} />
    </Banner>
  )
}
