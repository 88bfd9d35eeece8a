import { BOUNDS } from './bounds'
import type { Flag } from './types'

/**
 * How many flags an evaluation may look at: the flag and its prerequisites, each counted every time it can be asked.
 * Counting ends past the bound, so that a cycle has a count, too.
 */
export function prerequisiteNodes(key: string, flagOf: (key: string) => Flag | null | undefined): number {
  let nodes = 0
  const visit = (name: string): void => {
    nodes++
    if (nodes > BOUNDS.prerequisiteNodes) return
    for (const { flag } of flagOf(name)?.prerequisites ?? []) visit(flag)
  }
  visit(key)
  return nodes
}
