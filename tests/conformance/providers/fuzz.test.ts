import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import * as any from '../../support/arbitrary-config'
import { configOf, idOf } from '../../support/configs'
import { matching } from '../../support/patterns'
import { newSeed } from '../../support/random'
import { type Bound, type Details, type Method, sides } from '../../support/sides'
import { shop } from '../../support/sync-harness'
import { readyVirtual } from '../../support/virtual-provider'

const CONFIGS = 2_000
const CONTEXTS = 5_000
const CONTEXTS_EACH = 50 // of these; together 100,000 pairs

const METHODS: readonly Method[] = ['Boolean', 'String', 'Number', 'Object']
const KEYS = [...any.FLAG_KEYS, 'missing', '__proto__']
const REASONS = ['STATIC', 'DEFAULT', 'TARGETING_MATCH', 'SPLIT', 'DISABLED', 'ERROR']
const fallbacks = { Boolean: true, String: 'mine', Number: 7, Object: { mine: true } } as const

const anyConfig = fc.oneof({ weight: 3, arbitrary: any.config }, { weight: 1, arbitrary: any.brokenConfig })
const anyContext = fc.oneof(any.hostileContext, any.context)

const seed = newSeed()
const configs = fc.sample(anyConfig, { numRuns: CONFIGS, seed })
const contexts = fc.sample(anyContext, { numRuns: CONTEXTS, seed })

/**
 * The SDKs copy a context before a provider sees it, and an attribute that throws then stops them and not us:
 * it goes one level down.
 */
function copyable(context: Record<string, unknown>): Record<string, unknown> {
  const names = Object.keys(context).filter((name) => !Object.getOwnPropertyDescriptor(context, name)!.get)
  const copy = Object.fromEntries(names.map((name) => [name, context[name]]))
  return names.includes('plan') ? copy : { ...copy, plan: Object.create(null, { tier: { get: thrower } }) }
}

function thrower(): never {
  throw new Error('mine')
}

const isRecord = (input: unknown): input is Record<string, unknown> =>
  typeof input === 'object' && input !== null && !Array.isArray(input)

/** Mostly about a flag that the config has, and mostly in its type. */
function questionFor(config: unknown, number: number): { key: string; method: Method } {
  const flags = isRecord(config) && isRecord(config.flags) ? config.flags : {}
  const keys = number % 8 === 0 ? KEYS : [...Object.keys(flags), ...KEYS.slice(-1)]
  const key = keys[(number >> 3) % keys.length]!
  const flag = Object.hasOwn(flags, key) ? flags[key] : null
  const type = isRecord(flag) && typeof flag.type === 'string' ? flag.type : ''
  const own = METHODS.find((method) => method.toLowerCase() === type)
  return { key, method: (number % 4 !== 3 && own) || METHODS[number % METHODS.length]! }
}

/** What is wrong with an answer, or null. A throw of ours arrives as GENERAL, with no metadata of ours. */
function faultOf(method: Method, { value, reason, errorCode, flagMetadata }: Details): string | null {
  const isStructure = typeof value === 'object' && value !== null
  if (method === 'Object' ? !isStructure : typeof value !== method.toLowerCase()) return 'a wrong type'
  if (flagMetadata.flagSetId === undefined) return 'a throw'
  if (!REASONS.includes(reason!)) return `the reason ${reason}`
  if ((reason === 'ERROR') !== (errorCode !== undefined)) return `${reason} with ${errorCode}`
  return reason === 'ERROR' && value !== fallbacks[method] ? 'an error without the default' : null
}

describe.each(sides)('P3, P10, P28: the $side provider, with anything at all', (side) => {
  afterAll(side.close)

  async function ask(
    { ask, provider }: Bound,
    method: Method,
    key: string,
    context: Record<string, unknown>,
  ) {
    const fallback = fallbacks[method]
    try {
      const direct = provider.evaluate<never>(key, fallback as never, context as never)
      const answer = await ask(method, key, fallback, copyable(context))
      return { answer, fault: faultOf(method, direct as never) ?? faultOf(method, answer) }
    } catch (error) {
      return { answer: null, fault: `a throw: ${error}` }
    }
  }

  it('never throws and never serves a wrong type: 100,000 pairs of a config and a context', async () => {
    const server = shop()
    server.config = configOf(1, { pattern: matching('^x$') }) // from the start there is what patterns need
    const bound = await readyVirtual(side, {}, server)
    const faults: object[] = []
    const kinds: Record<string, number> = {}
    let asked = 0
    for (const [at, config] of configs.entries()) {
      server.time = any.MOMENTS[at % any.MOMENTS.length]!
      server.hello()
      server.stream.send('put', isRecord(config) ? { ...config, id: idOf(at + 2) } : config)
      await bound.clock.advance(0)
      for (let i = 0; i < CONTEXTS_EACH; i++) {
        const { key, method } = questionFor(config, asked)
        const { answer, fault } = await ask(bound, method, key, contexts[asked % CONTEXTS]!)
        if (fault) faults.push({ fault, config, key, method })
        const kind = answer?.errorCode ?? answer?.reason ?? 'none'
        kinds[kind] = (kinds[kind] ?? 0) + 1
        asked++
      }
      bound.heard.length = 0
    }
    console.log(`${side.side}, seed ${seed}: ${asked} pairs, ${faults.length} faults`, kinds)
    expect(faults.slice(0, 3), `seed ${seed}`).toEqual([])
    expect(asked).toBe(100_000)
    // Every way to answer has been gone, none of them hardly ever.
    for (const kind of ['STATIC', 'DEFAULT', 'TARGETING_MATCH', 'SPLIT', 'DISABLED', 'TYPE_MISMATCH'])
      expect(kinds[kind], kind).toBeGreaterThan(20)
  }, 180_000)
})
