import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { type ConfigState, configId, type StoredPatch } from '@/db/config-log'
import {
  applyPatch,
  type ConfigPatch,
  changedFlags,
  type EvaluationContext,
  killClosure,
  type ParsedConfig,
  parseConfig,
  type Residual,
  residualOf,
  writeConfig,
} from '@/lib/evaluation'
import { configOf, patchOf, type View, views } from './view'

export const codings = ['identity', 'gzip', 'br'] as const
export type Coding = (typeof codings)[number]

const BACKLOG_VERSIONS = 256
const BACKLOG_BYTES = 4 * 1024 * 1024 // both views together; older clients fetch the whole config

/** One version on its way out: what changed in each view, and when it was committed. */
export type Step = {
  patches: Record<View, ConfigPatch>
  /** The flags whose residual may be another one, and the kills that browsers must know of. */
  residual: { keys: readonly string[]; killed: readonly string[] }
  bytes: number
  kill: boolean
  committedAt: number
}

type Encoded = { id: string; text: string; bodies: Partial<Record<Coding, Promise<Buffer>>> }

export const compress: Record<Coding, (text: string) => Promise<Buffer>> = {
  identity: async (text) => Buffer.from(text),
  gzip: (text) => promisify(gzip)(text),
  br: (text) => promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
}

/** One environment in memory: its newest state, the way there, and its encoded forms, made once a version. */
export class Environment {
  readonly backlog: Step[] = []
  private backlogBytes = 0
  private encoded: Partial<Record<View, Encoded>> = {}
  private parsed: Partial<Record<View, ParsedConfig>> = {}
  private source: Parameters<typeof residualOf>[0] | null = null

  constructor(
    readonly dbId: number,
    readonly flagSetId: string,
    private current: ConfigState,
  ) {}

  get state(): ConfigState {
    return this.current
  }

  get id(): string {
    return configId(this.current)
  }

  /** Replaces everything: a new epoch, or a gap too wide to replay. Clients fetch the whole config then. */
  reset(state: ConfigState): void {
    this.current = state
    this.backlog.length = 0
    this.backlogBytes = 0
    this.forget()
  }

  /** Takes the next version. */
  advance(state: ConfigState, patch: StoredPatch, committedAt: number): Step {
    const patches = Object.fromEntries(
      views.map((view) => [view, patchOf(view, this.current, state, patch)]),
    ) as Record<View, ConfigPatch>
    const before = this.config('server')
    const shownBefore = this.current.browser
    this.current = state
    this.forget(before, patches.server)
    const step: Step = {
      patches,
      residual: this.residualStep(before, shownBefore, patch),
      bytes: views.reduce((sum, view) => sum + JSON.stringify(patches[view]).length, 0),
      kill: patch.killed !== undefined,
      committedAt,
    }
    this.backlog.push(step)
    this.backlogBytes += step.bytes
    while (this.backlog.length > BACKLOG_VERSIONS || this.backlogBytes > BACKLOG_BYTES)
      this.backlogBytes -= this.backlog.shift()!.bytes
    return step
  }

  /** The patches that lead from an id to now; null when that id is not in the backlog. */
  since(view: View, id: string): ConfigPatch[] | null {
    if (id === this.id) return []
    const first = this.backlog.findIndex((step) => step.patches[view].from === id)
    return first < 0 ? null : this.backlog.slice(first).map((step) => step.patches[view])
  }

  text(view: View): string {
    return this.encode(view).text
  }

  body(view: View, coding: Coding): Promise<Buffer> {
    const encoded = this.encode(view)
    encoded.bodies[coding] ??= compress[coding](encoded.text)
    return encoded.bodies[coding]
  }

  /** For evaluation on this node: what a provider with this view would hold. */
  config(view: View): ParsedConfig {
    this.parsed[view] ??= this.parse(view)
    return this.parsed[view]
  }

  /** What is left of the flags that are available to browsers, for one context at `now` (epoch ms). */
  residual(context: EvaluationContext, now: number): Residual {
    const { browser, attributes } = this.current
    this.source ??= { config: this.config('server'), flags: [...browser].sort(), attributes }
    return residualOf(this.source, context, now)
  }

  /** The browser flags that a kill forces to their off variant, through prerequisites too. */
  killedInBrowsers(): string[] {
    return killClosure(this.config('server'), this.current.browser)
  }

  private residualStep(
    before: ParsedConfig,
    shownBefore: ReadonlySet<string>,
    patch: StoredPatch,
  ): Step['residual'] {
    const { browser } = this.current
    const changed = patch.attributes ? browser : changedFlags(before, this.config('server'))
    const keys = new Set([...changed, ...Object.keys(patch.browser)])
    const shown = [...keys].filter((key) => browser.has(key) || shownBefore.has(key))
    return { keys: shown.sort(), killed: this.killedInBrowsers() }
  }

  private parse(view: View): ParsedConfig {
    const result = parseConfig(configOf(view, this.flagSetId, this.current))
    if (!result.ok) throw new Error(`config ${this.id} of ${this.flagSetId} does not parse: ${result.error}`)
    return result.config
  }

  private encode(view: View): Encoded {
    this.encoded[view] ??= {
      id: this.id,
      text: writeConfig(configOf(view, this.flagSetId, this.current)),
      bodies: {},
    }
    return this.encoded[view]
  }

  /** What was parsed goes on to the next version where a patch says what changed. */
  private forget(before?: ParsedConfig, patch?: ConfigPatch): void {
    const next = before && patch && applyPatch(before, patch)
    this.encoded = {}
    this.parsed = next?.ok ? { server: next.config } : {}
    this.source = null
  }
}
