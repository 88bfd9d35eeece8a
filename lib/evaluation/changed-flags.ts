import { changedKills, type ParsedConfig } from './parsed-config'
import { segmentsNamed } from './references'
import type { Table } from './table'
import { sameJson } from './values'

/**
 * The sorted keys of the flags that may answer differently after than before: added, removed, edited, killed or
 * revived, malformed or mended, and those that a changed segment or a changed prerequisite can reach. Between versions
 * of one history it costs what changed, not what is there.
 */
export function changedFlags(before: ParsedConfig | null, after: ParsedConfig): string[] {
  if (before === null) return after.flags.keys().sort()
  if (before.flagSetId !== after.flagSetId)
    return [...new Set([...before.flags.keys(), ...after.flags.keys()])].sort()

  const { graph } = after.program
  const live = (key: string) => after.program.isLive(key)
  const usingChanged = graph.usersOf(changedSegments(before, after))
  const killed = changedKills(before.killed, after.killed).filter(
    (key) => before.flags.has(key) || after.flags.has(key), // nothing of these has to be read: a kill is news by itself
  )
  const candidates = new Set([...changedKeys(before.flags, after.flags), ...usingChanged])
  const seeds = [...candidates].filter(
    (key) => differs(key, before, after) || (usingChanged.has(key) && live(key)),
  )
  return [...graph.withDependants([...killed, ...seeds], live)].sort()
}

function differs(key: string, before: ParsedConfig, after: ParsedConfig): boolean {
  const was = before.program.cell(key)
  const is = after.program.cell(key)
  return was?.fault !== is?.fault || was?.killed !== is?.killed || !sameJson(was?.flag, is?.flag)
}

function changedKeys<T>(before: Table<T>, after: Table<T>): string[] {
  return [...before.keysChangedIn(after)].filter((key) => !before.agrees(after, key))
}

/** Segments whose members may differ: those that changed and the ones that name them, however far. */
function changedSegments(before: ParsedConfig, after: ParsedConfig): ReadonlySet<string> {
  const changed = new Set(changedKeys(before.segments, after.segments))
  if (changed.size === 0) return changed
  const naming = after.segments.keys().map((key): [string, readonly string[]] => {
    return [key, segmentsNamed(after.program.segment(key)?.value?.any ?? [])]
  })
  for (const reached of changed) {
    for (const [key, named] of naming) if (named.includes(reached)) changed.add(key)
  }
  return changed
}
