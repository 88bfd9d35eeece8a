import { own } from './records'
import type { Condition, Flag, Segment } from './types'

const ofFlags = new WeakMap<Flag, readonly string[]>()

/** The segments that a flag names itself, each once, in the order of its rules. */
export function segmentsOfFlag(flag: Flag): readonly string[] {
  let found = ofFlags.get(flag)
  if (!found) {
    found = segmentsNamed(flag.rules.map(({ when }) => when))
    ofFlags.set(flag, found)
  }
  return found
}

/** The segments that some conditions name, each once, in order. */
export function segmentsNamed(conditions: readonly Condition[]): readonly string[] {
  const found = new Set<string>()
  const visit = (condition: Condition): void => {
    if ('segment' in condition) found.add(condition.segment)
    else if ('all' in condition) condition.all.forEach(visit)
    else if ('any' in condition) condition.any.forEach(visit)
    else if ('not' in condition) visit(condition.not)
  }
  conditions.forEach(visit)
  return [...found]
}

/** Given segments that changed, all whose members may differ: those and the ones that name them, however far. */
export function segmentsReaching(
  changed: Iterable<string>,
  segments: Readonly<Record<string, Segment>>,
): ReadonlySet<string> {
  const namedBy = reverse(Object.keys(segments), (key) => segmentsNamed(own(segments, key)!.any))
  return spread(changed, namedBy)
}

/** Given flags whose answer may differ, all whose answer may: those and their dependants that pass, however far. */
export function withDependants(
  seeds: Iterable<string>,
  flags: Readonly<Record<string, Flag>>,
  passes: (key: string) => boolean,
): ReadonlySet<string> {
  const dependants = reverse(Object.keys(flags).filter(passes), (key) =>
    own(flags, key)!.prerequisites.map(({ flag }) => flag),
  )
  return spread(seeds, dependants)
}

function reverse(keys: readonly string[], names: (key: string) => readonly string[]): Map<string, string[]> {
  const namedBy = new Map<string, string[]>()
  for (const key of keys) {
    for (const named of names(key)) {
      const list = namedBy.get(named)
      if (list) list.push(key)
      else namedBy.set(named, [key])
    }
  }
  return namedBy
}

function spread(seeds: Iterable<string>, edges: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set(seeds) // a Set visits what is added while it is walked
  for (const key of reached) for (const next of edges.get(key) ?? []) reached.add(next)
  return reached
}
