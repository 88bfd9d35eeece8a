import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { type ConfigState, configId, type StoredPatch, type VersionRow } from '@/db/config-log'
import {
  applyPatch,
  type Config,
  changedFlags,
  compareIds,
  type EvaluationContext,
  killClosure,
  type Marks,
  type ParsedConfig,
  parseConfig,
  parseId,
  type Residual,
  residualOf,
  writeConfig,
} from '@/lib/evaluation'
import { Backlog, type Step } from './backlog'
import { type Shown, shownAfter, type View, viewOf } from './view'

export const codings = ['identity', 'gzip', 'br'] as const
export type Coding = (typeof codings)[number]

type Encoded = { text: string; bodies: Partial<Record<Coding, Promise<Buffer>>> }
type Head = Pick<ConfigState, 'epoch' | 'version' | 'hash'>

export const compress: Record<Coding, (text: string) => Promise<Buffer>> = {
  identity: async (text) => Buffer.from(text),
  gzip: (text) => promisify(gzip)(text),
  br: (text) => promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
}

/**
 * One environment in memory: its newest state, the way there, and its encoded forms, made once a version. A version
 * costs what it changes, not what is there.
 */
export class Environment {
  readonly backlog = new Backlog()
  private current!: Head
  private currentId!: string
  private whole!: ParsedConfig
  private shown!: Shown
  private marks!: Marks
  private committed: number | null = null
  private encoded: Partial<Record<View, Encoded>> = {}
  private ways: Record<View, Map<string, Buffer>> = { server: new Map(), full: new Map() }
  private forBrowsers: ParsedConfig | null = null
  private source: Parameters<typeof residualOf>[0] | null = null

  /** Throws where the state as a whole is none that a provider could read. */
  constructor(
    readonly dbId: number,
    readonly flagSetId: string,
    state: ConfigState,
  ) {
    this.take(state)
  }

  /** One object for each version. */
  get head(): Head {
    return this.current
  }

  /** When the newest version was committed (epoch ms); null where it was here before this node was. */
  get committedAt(): number | null {
    return this.committed
  }

  get id(): string {
    return this.currentId
  }

  /** Whether this is a version that was never seen here, though it should have been. */
  lacks(id: string): boolean {
    const other = parseId(id)
    if (!other) return false
    const { epoch, version } = this.head
    const isSameVersion = other.epoch === epoch && other.version === version
    return compareIds(id, this.id) > 0 || (isSameVersion && id !== this.id)
  }

  /** The flags that are available to browsers. */
  get browser(): ReadonlySet<string> {
    return this.shown.flags
  }

  /** Replaces everything: a new epoch, or a gap too wide to replay. Clients fetch the whole config then. */
  reset(state: ConfigState): void {
    this.take(state)
    this.backlog.clear()
    this.forget()
  }

  /** Takes the next version. Throws, and stays as it is, where that is none that a provider could read. */
  advance(row: VersionRow): Step {
    const patch = JSON.parse(row.patch) as StoredPatch
    const { whole: before, shown: shownBefore } = this
    const kills = patch.killed ? { killed: patch.killed, killedAt: configId(row) } : before
    const ids = { from: this.id, to: configId(row) }
    const { flags, segments } = patch
    const server = { ...ids, flags, segments, killed: kills.killed, killedAt: kills.killedAt }
    const next = applyPatch(before, server)
    if (!next.ok)
      throw new Error(`version ${ids.to} of ${this.flagSetId} cannot follow ${ids.from}: ${next.reason}`)
    const shown = shownAfter(shownBefore, before, next.config, patch)

    this.current = { epoch: row.epoch, version: row.version, hash: row.hash }
    this.currentId = ids.to
    this.whole = next.config
    this.shown = shown.after
    if (patch.attributes) this.marks = patch.attributes
    this.forget()

    const full = { ...ids, ...shown.changes, killedAt: kills.killedAt }
    const step: Step = {
      patches: { server, full: { ...full, killed: kills.killed.filter((key) => this.browser.has(key)) } },
      residual: this.residualStep(before, shownBefore.flags, patch),
      kill: patch.killed !== undefined,
      committedAt: row.createdAt.getTime(),
    }
    this.backlog.add(step)
    this.committed = step.committedAt
    return step
  }

  /** All of it, to be kept elsewhere. */
  state(): ConfigState {
    const { flags, segments, killed, killedAt } = this.whole.toConfig()
    const { browser, marks: attributes } = this
    return { ...this.current, flags, segments, killed, killedAt, browser, attributes }
  }

  text(view: View): string {
    return this.encode(view).text
  }

  body(view: View, coding: Coding): Promise<Buffer> {
    const encoded = this.encode(view)
    encoded.bodies[coding] ??= compress[coding](encoded.text)
    return encoded.bodies[coding]
  }

  /** What brings those who come to this version, by the id that they hold: of a crowd, many hold the same. */
  openings(view: View): Map<string, Buffer> {
    return this.ways[view]
  }

  /** For evaluation on this node: what a provider with this view would hold. */
  config(view: View): ParsedConfig {
    if (view === 'server') return this.whole
    this.forBrowsers ??= parsed(viewOf(this.whole, this.shown))
    return this.forBrowsers
  }

  /** A view of it as a plain value. */
  plain(view: View): Config {
    return view === 'server' ? this.whole.toConfig() : viewOf(this.whole, this.shown)
  }

  /** What is left of the flags that are available to browsers, for one context at `now` (epoch ms). */
  residual(context: EvaluationContext, now: number): Residual {
    this.source ??= { config: this.whole, flags: [...this.browser].sort(), attributes: this.marks }
    return residualOf(this.source, context, now)
  }

  /** What a view may know of the kills that hold. */
  kills(view: View): Pick<ParsedConfig, 'killed' | 'killedAt'> {
    const { killed, killedAt } = this.whole
    return { killed: view === 'server' ? killed : killed.filter((key) => this.browser.has(key)), killedAt }
  }

  /** The browser flags that a kill forces to their off variant, through prerequisites too. */
  killedInBrowsers(): string[] {
    return killClosure(this.whole, this.browser)
  }

  private residualStep(
    before: ParsedConfig,
    shownBefore: ReadonlySet<string>,
    patch: StoredPatch,
  ): Step['residual'] {
    const changed = patch.attributes ? this.browser : changedFlags(before, this.whole)
    const keys = new Set([...changed, ...Object.keys(patch.browser)])
    const seen = [...keys].filter((key) => this.browser.has(key) || shownBefore.has(key))
    return { keys: seen.sort(), killed: this.killedInBrowsers() }
  }

  private take(state: ConfigState): void {
    const { flags, segments, killed, killedAt, browser } = state
    const rest = { schema: 1 as const, flagSetId: this.flagSetId, id: configId(state) }
    const whole = parsed({ ...rest, flags, segments, killed, killedAt })
    this.current = { epoch: state.epoch, version: state.version, hash: state.hash }
    this.currentId = rest.id
    this.whole = whole
    this.shown = { flags: browser, segments: null }
    this.marks = state.attributes
    this.committed = null
  }

  private encode(view: View): Encoded {
    this.encoded[view] ??= {
      text: view === 'server' ? this.whole.toText() : writeConfig(viewOf(this.whole, this.shown)),
      bodies: {},
    }
    return this.encoded[view]
  }

  private forget(): void {
    this.encoded = {}
    this.ways = { server: new Map(), full: new Map() }
    this.forBrowsers = null
    this.source = null
  }
}

function parsed(config: Parameters<typeof parseConfig>[0]): ParsedConfig {
  const result = parseConfig(config)
  if (!result.ok) throw new Error(`the published config does not parse: ${result.error}`)
  return result.config
}
