'use client'
import { useEffect, useState } from 'react'
import { ChangeList } from '@/app/_components/change-list'
import { Banner } from '@/app/_ui/banner'
import { Button } from '@/app/_ui/button'
import { Time } from '@/app/_ui/time'
import { api, type OfTargeting } from '@/lib/api-client'
import type { Targeting, TargetingView } from '@/lib/control/views'
import { describeChanges } from '@/lib/describe-changes'
import { targetingOf } from './use-draft'

/** Who published at that moment. The words without a name are true as well, should nobody answer. */
function useAuthor({ project, environment, flag }: OfTargeting, at: string): string {
  const [author, setAuthor] = useState('Someone')
  useEffect(() => {
    let left = false
    api.versions({ project, environment, flag, limit: 1 }).then(
      ({ value: { items } }) => {
        const theirs = items.find((version) => version.at === at)
        if (theirs && !left) setAuthor(theirs.actor.name)
      },
      () => undefined,
    )
    return () => {
      left = true
    }
  }, [project, environment, flag, at])
  return author
}

export function StaleBanner({
  where,
  base,
  theirs,
  onKeep,
  onDiscard,
}: {
  where: OfTargeting
  base: Targeting
  theirs: TargetingView
  onKeep: () => void
  onDiscard: () => void
}) {
  const author = useAuthor(where, theirs.updatedAt)
  return (
    <Banner
      tone="info"
      title={
        <>
          {author} published while you were editing (<Time value={theirs.updatedAt} />)
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
      <ChangeList changes={describeChanges(base, targetingOf(theirs))} />
    </Banner>
  )
}
