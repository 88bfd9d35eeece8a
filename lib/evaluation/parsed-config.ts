import { joinLines } from './config-text'
import { isMember } from './membership'
import { Program } from './program'
import { emptyRecord } from './records'
import type { Table } from './table'
import type { Config, Flag, Segment, WireFlag } from './types'

type Changes<T> = readonly (readonly [string, T | undefined])[]

/** What a later version says otherwise. */
export type Step = {
  readonly id?: string
  readonly killed: readonly string[]
  readonly killedAt: string
  readonly flags?: Changes<WireFlag>
  readonly segments?: Changes<Segment>
}

/**
 * One version of a config, ready to decide. Immutable. Flags and segments are checked and compiled on first use, so
 * that a config of thousands is ready as soon as it is read; a fault in one shows when it is asked for, and hurts no
 * other.
 */
export class ParsedConfig {
  readonly schema = 1
  /** Stands for this version where holding the version itself would keep it alive, and with it all that follow. */
  readonly token: object = {}
  #program: Program | null = null

  constructor(
    readonly flagSetId: string,
    readonly id: string,
    readonly killed: readonly string[],
    readonly killedAt: string,
    /** As they came off the wire: `program` says which of them are sound. */
    readonly flags: Table<WireFlag>,
    readonly segments: Table<Segment>,
  ) {}

  get program(): Program {
    this.#program ??= new Program(this)
    return this.#program
  }

  /** The version after this one, which takes over all that is compiled and has not changed. */
  next({ id = this.id, killed, killedAt, flags = [], segments = [] }: Step): ParsedConfig {
    const next = new ParsedConfig(
      this.flagSetId,
      id,
      killed,
      killedAt,
      this.flags.with(flags),
      this.segments.with(segments),
    )
    const program = this.#program
    this.#program = null
    program?.moveTo(next, {
      flags: keysOf(flags),
      kills: changedKills(this.killed, killed),
      segments: keysOf(segments),
    })
    next.#program = program
    return next
  }

  /** The config as it came off the wire, patches and kills applied. */
  toConfig(): Config {
    const { schema, flagSetId, id, killed, killedAt, flags, segments } = this
    return { schema, flagSetId, id, flags: flags.record(), segments: segments.record(), killed, killedAt }
  }

  /** The same as text for the wire. Flags that came as text are not parsed for it. */
  toText(): string {
    const { schema, flagSetId, id, killed, killedAt, flags, segments } = this
    return joinLines({ schema, flagSetId, id, killed, killedAt }, segments.texts(), flags.texts())
  }

  /** The flags and segments that are as they should be, complete. Checks every one: not for hot paths. */
  sound(): { flags: Record<string, Flag>; segments: Record<string, Segment> } {
    const flags = emptyRecord<Flag>()
    const segments = emptyRecord<Segment>()
    for (const key of this.flags.keys()) {
      const flag = this.program.cell(key)?.flag
      if (flag) flags[key] = flag
    }
    for (const key of this.segments.keys()) {
      const segment = this.program.segment(key)?.value
      if (segment) segments[key] = segment
    }
    return { flags, segments }
  }

  /** Flag key -> what is wrong with it. Checks every flag: for people and publishers, not for hot paths. */
  malformed(): Record<string, string> {
    const found = emptyRecord<string>()
    for (const key of this.flags.keys()) {
      const fault = this.program.cell(key)?.fault
      if (fault) found[key] = fault
    }
    return found
  }
}

function keysOf(changes: Changes<unknown>): string[] {
  return changes.map(([key]) => key)
}

/** The flags that are in one of the lists alone: of long ones that differ in a few, the rest is hardly looked at. */
export function changedKills(before: readonly string[], after: readonly string[]): string[] {
  if (before === after) return []
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let [endBefore, endAfter] = [before.length, after.length]
  while (endBefore > start && endAfter > start && before[endBefore - 1] === after[endAfter - 1]) {
    endBefore--
    endAfter--
  }
  const gone = before.slice(start, endBefore).filter((key) => !isMember(after)(key))
  const added = after.slice(start, endAfter).filter((key) => !isMember(before)(key))
  return [...gone, ...added]
}
