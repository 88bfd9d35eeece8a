import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { type ConfigState, configId, type StoredPatch } from '@/db/config-log'
import {
  type ConfigPatch,
  mentionsRegex,
  type ParsedConfig,
  parseConfig,
  writeConfig,
} from '@/lib/evaluation'
import { log } from '@/lib/log'
import { loadRegex } from '@/lib/regex'
import { configOf, patchOf, type View, views } from './view'

export const codings = ['identity', 'gzip', 'br'] as const
export type Coding = (typeof codings)[number]

const BACKLOG_VERSIONS = 256
const BACKLOG_BYTES = 4 * 1024 * 1024 // both views together; older clients fetch the whole config

/** One version on its way out: what changed in each view, and when it was committed. */
export type Step = {
  patches: Record<View, ConfigPatch>
  bytes: number
  kill: boolean
  committedAt: number
}

type Encoded = { id: string; text: string; bodies: Partial<Record<Coding, Promise<Buffer>>> }

const compress: Record<Coding, (text: string) => Promise<Buffer>> = {
  identity: async (text) => Buffer.from(text),
  gzip: (text) => promisify(gzip)(text),
  br: (text) => promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
}

function regexIsMissing(error: unknown): void {
  log.error(
    { err: error },
    'the regular expressions do not load: flags with patterns are malformed on this node',
  )
}

/** One environment in memory: its newest state, the way there, and its encoded forms, made once a version. */
export class Environment {
  readonly backlog: Step[] = []
  private backlogBytes = 0
  private encoded: Partial<Record<View, Encoded>> = {}
  private parsed: Partial<Record<View, ParsedConfig>> = {}

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
    const step: Step = {
      patches,
      bytes: views.reduce((sum, view) => sum + JSON.stringify(patches[view]).length, 0),
      kill: patch.killed !== undefined,
      committedAt,
    }
    this.current = state
    this.backlog.push(step)
    this.backlogBytes += step.bytes
    while (this.backlog.length > BACKLOG_VERSIONS || this.backlogBytes > BACKLOG_BYTES)
      this.backlogBytes -= this.backlog.shift()!.bytes
    this.forget()
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
  async config(view: View): Promise<ParsedConfig> {
    if (!this.parsed[view] && mentionsRegex(this.text(view))) await loadRegex().catch(regexIsMissing)
    this.parsed[view] ??= this.parse(view)
    return this.parsed[view]
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

  private forget(): void {
    this.encoded = {}
    this.parsed = {}
  }
}
