import { segmentsOfFlag } from './references'
import type { Table } from './table'
import type { WireFlag } from './types'

/** What a flag needs of others, by their keys. */
type Edges = {
  readonly flags: readonly string[]
  readonly segments: readonly string[]
  readonly timed: boolean
}

/** What edges are made of: a flag that mentions none of them has none. One pattern finds them in a third of four searches' time. */
const EDGE_NAMES = /"(?:prerequisites|segment|from|until)"/

const NO_EDGES: Edges = { flags: [], segments: [], timed: false }

/** Who depends on whom, over all flags of a config, sound or not. Kept in step flag by flag. */
export class Graph {
  readonly #edges = new Map<string, Edges>()
  readonly #dependants = new Map<string, Set<string>>()
  readonly #users = new Map<string, Set<string>>()
  /** Flags with a rule that has a window. */
  readonly timed = new Set<string>()

  static of(flags: Table<WireFlag>): Graph {
    const graph = new Graph()
    for (const key of flags.keys()) if (flags.mayMention(key, EDGE_NAMES)) graph.set(key, flags.get(key))
    return graph
  }

  set(key: string, flag: WireFlag | undefined): void {
    const before = this.#edges.get(key) ?? NO_EDGES
    for (const needed of before.flags) this.#dependants.get(needed)?.delete(key)
    for (const segment of before.segments) this.#users.get(segment)?.delete(key)
    this.timed.delete(key)
    this.#edges.delete(key)

    const edges = flag === undefined ? NO_EDGES : edgesOf(flag)
    if (edges === NO_EDGES) return
    this.#edges.set(key, edges)
    for (const needed of edges.flags) add(this.#dependants, needed, key)
    for (const segment of edges.segments) add(this.#users, segment, key)
    if (edges.timed) this.timed.add(key)
  }

  /** The flags that name one of these segments themselves. */
  usersOf(segments: Iterable<string>): Set<string> {
    const users = new Set<string>()
    for (const segment of segments) for (const key of this.#users.get(segment) ?? []) users.add(key)
    return users
  }

  /** Given flags whose answer may differ, all whose answer may: those and their dependants that pass, however far. */
  withDependants(seeds: Iterable<string>, passes: (key: string) => boolean): Set<string> {
    const reached = new Set(seeds) // a Set visits what is added while it is walked
    for (const key of reached)
      for (const dependant of this.#dependants.get(key) ?? []) if (passes(dependant)) reached.add(dependant)
    return reached
  }
}

/** Flags are looked at before they are checked: one that cannot be read has no edges, and answers `PARSE_ERROR`. */
function edgesOf(flag: WireFlag): Edges {
  try {
    const { prerequisites = [], rules = [] } = flag
    if (prerequisites.length === 0 && rules.length === 0) return NO_EDGES
    return {
      flags: prerequisites.map((prerequisite) => prerequisite.flag),
      segments: segmentsOfFlag(flag),
      timed: rules.some(({ from, until }) => from !== undefined || until !== undefined),
    }
  } catch {
    return NO_EDGES
  }
}

function add(index: Map<string, Set<string>>, key: string, value: string): void {
  const known = index.get(key)
  if (known) known.add(value)
  else index.set(key, new Set([value]))
}
