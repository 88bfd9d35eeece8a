import type { FeedEvents } from './change-feed'

/** What also hears of every change: one for each protocol that pushes. */
export type Follower = Pick<FeedEvents, 'step' | 'reset' | 'revoked' | 'removed'>

/** The events of a feed, told to some followers too, after those that the feed is watched by first. */
export function alsoTold(events: FeedEvents, followers: readonly Follower[]): FeedEvents {
  const tell = <Name extends keyof Follower>(name: Name) => {
    const first = events[name] as (...of: Parameters<Follower[Name]>) => void
    return (...of: Parameters<Follower[Name]>) => {
      first(...of)
      for (const follower of followers) (follower[name] as typeof first)(...of)
    }
  }
  return {
    ...events,
    step: tell('step'),
    reset: tell('reset'),
    revoked: tell('revoked'),
    removed: tell('removed'),
  }
}
