import type { Flag, FlagMetadata } from './types'

/** What may be added to a flag's metadata to say how it was decided. */
export type Mark = 'rule' | 'killed' | 'prerequisite'

type Cache = {
  readonly flagSetId: string
  readonly plain: FlagMetadata
  readonly marked: Readonly<Record<Mark, Map<string | true, FlagMetadata>>>
}

const caches = new WeakMap<Flag, Cache>()

/** The metadata of an answer in which nothing but the flag had a say. */
export function plainMetadata(flagSetId: string, flag: Flag): FlagMetadata {
  return cacheOf(flagSetId, flag).plain
}

/** The metadata of an answer that a rule, a kill or a prerequisite decided. Built once for each. */
export function markedMetadata(
  flagSetId: string,
  flag: Flag,
  mark: Mark,
  value: string | true,
): FlagMetadata {
  const { plain, marked } = cacheOf(flagSetId, flag)
  let metadata = marked[mark].get(value)
  if (!metadata) {
    metadata = Object.freeze({ ...plain, [mark]: value })
    marked[mark].set(value, metadata)
  }
  return metadata
}

function cacheOf(flagSetId: string, flag: Flag): Cache {
  let cache = caches.get(flag)
  if (cache?.flagSetId !== flagSetId) {
    cache = {
      flagSetId,
      plain: Object.freeze({ ...flag.metadata, flagSetId, version: flag.version }),
      marked: { rule: new Map(), killed: new Map(), prerequisite: new Map() },
    }
    caches.set(flag, cache)
  }
  return cache
}
