import { Answers, unanswered } from './answers'
import { BOUNDS } from './bounds'
import type { Compiled, Holds } from './closures'
import { compileSegment } from './compile-condition'
import { compileFlag } from './compile-flag'
import { type Read, readFlag, readSegment } from './flag-reader'
import { Graph } from './graph'
import { interpret } from './interpret'
import { linker, segmentsReached } from './link'
import { isMember } from './membership'
import { prerequisiteNodes } from './prerequisites'
import { readsTime } from './reads-time'
import type { Table } from './table'
import type { Flag, Prerequisite, Segment, WireFlag } from './types'

/** The parts of a config that decisions rest on. */
type Source = {
  readonly flagSetId: string
  readonly killed: readonly string[]
  readonly flags: Table<WireFlag>
  readonly segments: Table<Segment>
}

/** All that is known of one flag of a config. */
export type Cell = {
  readonly key: string
  /** `null` where the flag has a fault. */
  readonly flag: Flag | null
  readonly fault: string | null
  readonly killed: boolean
  /** The segments it reaches, however far, whether they are there or not. */
  readonly reaches: ReadonlySet<string>
  /** `null` until it is needed. */
  compiled: Compiled | null
  /** The answer may depend on the time; true until it is compiled and known. */
  readsTime: boolean
}

/**
 * What has been worked out of a config so far: checked and compiled flags and segments, each on first use. It follows
 * its config from version to version and forgets what changed.
 */
export class Program {
  #source: Source
  #isKilled: (key: unknown) => boolean
  readonly #cells = new Map<string, Cell>()
  readonly #segments = new Map<string, Read<Segment>>()
  readonly #tests = new Map<string, Holds>()
  /** Flag key -> the compiled flags that need it. */
  readonly #dependants = new Map<string, Set<string>>()
  #graph: Graph | null = null
  #linkFault: (flag: Flag) => string | null

  constructor(source: Source) {
    this.#source = source
    this.#isKilled = isMember(source.killed)
    this.#linkFault = linker(this.segment)
  }

  get flagSetId(): string {
    return this.#source.flagSetId
  }

  get graph(): Graph {
    this.#graph ??= Graph.of(this.#source.flags)
    return this.#graph
  }

  /** `undefined`: there is no such flag. */
  cell(key: string): Cell | undefined {
    return this.#cells.get(key) ?? this.#load(key)
  }

  compiled(cell: Cell): Compiled {
    if (cell.compiled === null) {
      cell.compiled = this.#compile(cell)
      if (typeof cell.compiled !== 'function') cell.readsTime = false
    }
    return cell.compiled
  }

  /** Whether a flag can answer more than one thing: off, killed and malformed flags cannot. */
  isLive(key: string): boolean {
    const cell = this.cell(key)
    return cell?.flag?.on === true && !cell.killed
  }

  readonly segment = (key: string): Read<Segment> | undefined => {
    let read = this.#segments.get(key)
    if (!read) {
      const input = this.#source.segments.get(key)
      if (input === undefined) return undefined
      read = readSegment(key, input)
      this.#segments.set(key, read)
    }
    return read
  }

  moveTo(next: Source, changed: Readonly<Record<'flags' | 'kills' | 'segments', readonly string[]>>): void {
    this.#source = next
    this.#isKilled = isMember(next.killed)
    for (const key of changed.flags) {
      this.#forget(key)
      this.#graph?.set(key, next.flags.get(key))
    }
    for (const key of changed.kills) this.#forget(key)
    if (changed.segments.length > 0) this.#forgetSegments(new Set(changed.segments))
  }

  #load(key: string): Cell | undefined {
    const input = this.#source.flags.get(key)
    if (input === undefined) return undefined
    const { value, fault } = readFlag(key, input)
    const reaches = segmentsReached(value, this.segment)
    const unlinked = fault ?? this.#linkFault(value!)
    const cell: Cell = {
      key,
      flag: unlinked === null ? value : null,
      fault: unlinked,
      killed: this.#isKilled(key),
      reaches,
      compiled: null,
      readsTime: true,
    }
    this.#cells.set(key, cell)
    return cell
  }

  #compile(cell: Cell): Compiled {
    const { key, flag, fault, killed } = cell
    if (!flag) return unanswered('PARSE_ERROR', `flag "${key}" is malformed: ${fault}`, this.flagSetId)
    const answers = new Answers(this.flagSetId, flag)
    if (killed || !flag.on) return answers.off('DISABLED', killed ? { killed } : undefined)
    // A tree that may be too large, or has a cycle, must be counted while it is walked.
    if (prerequisiteNodes(key, (name) => this.cell(name)?.flag) > BOUNDS.prerequisiteNodes)
      return (context, now) => interpret(this, key, context, now, undefined)
    const compiled = compileFlag(flag, answers, {
      prerequisite: (name) => this.#prerequisite(name, key),
      segment: (name) => this.#test(name),
    })
    const segments = [...cell.reaches].map((name) => this.segment(name)!.value!)
    const needsTime = ({ flag: name }: Prerequisite) => this.cell(name)?.readsTime === true
    cell.readsTime = readsTime(flag, segments) || flag.prerequisites.some(needsTime)
    return compiled
  }

  /** A flag that another one needs, compiled: the other one is compiled anew when this one changes. */
  #prerequisite(key: string, dependant: string): Compiled | null {
    const dependants = this.#dependants.get(key)
    if (dependants) dependants.add(dependant)
    else this.#dependants.set(key, new Set([dependant]))
    const cell = this.cell(key)
    if (!cell) return null
    const compiled = this.compiled(cell)
    return this.isLive(key) ? compiled : null
  }

  #test(key: string): Holds {
    let test = this.#tests.get(key)
    if (!test) {
      test = compileSegment(this.segment(key)!.value!, (name) => this.#test(name))
      this.#tests.set(key, test)
    }
    return test
  }

  #forget(key: string): void {
    this.#cells.delete(key)
    const dependants = this.#dependants.get(key)
    this.#dependants.delete(key)
    if (dependants) for (const dependant of dependants) this.#forget(dependant)
  }

  #forgetSegments(changed: ReadonlySet<string>): void {
    this.#tests.clear()
    this.#linkFault = linker(this.segment)
    for (const key of changed) this.#segments.delete(key)
    for (const { key, reaches } of [...this.#cells.values()])
      if ([...reaches].some((segment) => changed.has(segment))) this.#forget(key)
  }
}
