import {
  createEvaluationEvent,
  type EvaluationContext,
  InMemoryProvider,
  type JsonValue,
  MultiProvider,
  OpenFeature,
} from '@openfeature/server-sdk'
import { OpenFeature as WebOpenFeature } from '@openfeature/web-sdk'
import murmur3 from 'murmurhash3js-revisited'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JackstaffProvider } from '../../../providers/server/src'
import { aFlag } from '../../support/build-config'
import { configOf, idOf } from '../../support/configs'
import { ProtocolServer, SERVER_KEY } from '../../support/protocol-server'

const list = [1, [2]]
const flags = {
  boolean: aFlag(),
  string: aFlag({ type: 'string', variants: { on: 'text', off: '' } }),
  number: aFlag({ type: 'number', variants: { on: 42.5, off: 0 } }),
  object: aFlag({ type: 'object', variants: { on: { a: list }, off: {} } }),
  list: aFlag({ type: 'object', variants: { on: list, off: [] } }),
  switchedOff: aFlag({ on: false }),
  offToDefault: aFlag({ on: false, offVariant: null }),
  killed: aFlag({ version: 7 }),
  german: aFlag({
    metadata: { owner: 'checkout', priority: 1, beta: true },
    rules: [
      {
        id: 'r-de',
        when: { attribute: 'country', op: 'is_one_of', values: ['DE'] },
        serve: { variant: 'on' },
      },
      {
        id: 'r-plan',
        when: { attribute: 'organization.plan', op: 'is_one_of', values: ['pro'] },
        serve: { variant: 'on' },
      },
    ],
    fallthrough: { variant: 'off' },
  }),
  half: aFlag({
    fallthrough: {
      rollout: { share: 50_000, split: [{ variant: 'on', weight: 100_000 }], rest: { variant: 'off' } },
    },
  }),
} as const
const config = configOf(9, flags, { killed: ['killed'], killedAt: idOf(8) })
const server = new ProtocolServer(config, 7210)
const provider = new JackstaffProvider({ url: server.url, key: SERVER_KEY })
const client = OpenFeature.getClient('evaluation')
const someone: EvaluationContext = { targetingKey: 'user-1' }

beforeAll(async () => {
  await server.start()
  await OpenFeature.setProviderAndWait('evaluation', provider)
})
afterAll(async () => {
  await OpenFeature.clearProviders()
  await server.stop()
})

describe('P1: who it is', () => {
  it('has a constant name and says where it runs', () => {
    expect(provider.metadata).toEqual({ name: 'jackstaff' })
    expect(provider.runsOn).toBe('server')
  })

  it('is rejected by the SDK of the other side', () => {
    expect(() => WebOpenFeature.setProvider(provider as never)).toThrow(/intended for use on the server/)
  })
})

describe('P2: four typed resolves', () => {
  it('give value, variant and reason, and no error', async () => {
    const answers = await Promise.all([
      client.getBooleanDetails('boolean', false, someone),
      client.getStringDetails('string', 'x', someone),
      client.getNumberDetails('number', 1, someone),
      client.getObjectDetails('object', {}, someone),
      client.getObjectDetails('list', [], someone),
    ])
    expect(answers.map(({ value }) => value)).toEqual([true, 'text', 42.5, { a: list }, list])
    for (const answer of answers) {
      expect(answer).toMatchObject({ variant: 'on', reason: 'STATIC' })
      expect(answer).not.toHaveProperty('errorCode')
      expect(answer).not.toHaveProperty('errorMessage')
    }
  })

  it('have a synchronous twin for hot paths', () => {
    expect(provider.evaluate('boolean', false, someone)).toMatchObject({ value: true, reason: 'STATIC' })
    expect(provider.evaluate('string', 'x').value).toBe('text')
    expect(provider.evaluate('number', 0).value).toBe(42.5)
    expect(provider.evaluate<JsonValue>('object', null).value).toEqual({ a: list })
    expect(provider.evaluate('boolean', 'x')).toMatchObject({ value: 'x', errorCode: 'TYPE_MISMATCH' })
  })
})

describe('P3: the wrong type', () => {
  const fallbacks = { boolean: true, string: 'mine', number: 7, object: { mine: true } } as const
  const kinds = Object.keys(fallbacks) as (keyof typeof fallbacks)[]
  const pairs = kinds.flatMap((asked) => kinds.filter((is) => is !== asked).map((is) => [asked, is] as const))
  const resolve = {
    boolean: (key: string, value: unknown) => client.getBooleanDetails(key, value as boolean),
    string: (key: string, value: unknown) => client.getStringDetails(key, value as string),
    number: (key: string, value: unknown) => client.getNumberDetails(key, value as number),
    object: (key: string, value: unknown) => client.getObjectDetails(key, value as JsonValue),
  }

  it.each(pairs)(
    'asked for a %s, of a %s flag, is TYPE_MISMATCH with the default itself',
    async (asked, is) => {
      const answer = await resolve[asked](is, fallbacks[asked])
      expect(answer.value).toBe(fallbacks[asked])
      expect(answer).toMatchObject({ reason: 'ERROR', errorCode: 'TYPE_MISMATCH' })
      expect(answer.variant).toBeUndefined()
    },
  )

  it.each([[null], [[]], [{}]])('a default of %j asks for an object', async (fallback) => {
    expect((await client.getObjectDetails('list', fallback as JsonValue)).value).toEqual(list)
    expect((await client.getObjectDetails('boolean', fallback as JsonValue)).value).toBe(fallback)
  })
})

describe('P4: a flag that is not there', () => {
  it.each(['unknown', 'archived', 'toString', '__proto__', 'constructor', ''])(
    '%j is FLAG_NOT_FOUND',
    async (key) => {
      const fallback = { mine: true }
      const answer = await client.getObjectDetails(key, fallback, someone)
      expect(answer).toMatchObject({ reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' })
      expect(answer.value).toBe(fallback)
    },
  )
})

describe('P5: off and killed', () => {
  it('serve the off variant, DISABLED', async () => {
    for (const key of ['switchedOff', 'killed']) {
      expect(await client.getBooleanDetails(key, true, someone)).toMatchObject({
        value: false,
        variant: 'off',
        reason: 'DISABLED',
      })
    }
  })

  it('serve the default itself where there is no off variant', async () => {
    const answer = await client.getBooleanDetails('offToDefault', true, someone)
    expect(answer).toMatchObject({ value: true, reason: 'DISABLED' })
    expect(answer).not.toHaveProperty('errorCode')
    expect(answer.variant).toBeUndefined()
  })
})

describe('P6: the reason', () => {
  it.each([
    ['STATIC', 'boolean', {}],
    ['DEFAULT', 'german', { country: 'FR' }],
    ['TARGETING_MATCH', 'german', { country: 'DE' }],
    ['TARGETING_MATCH', 'german', { organization: { plan: 'pro' } }],
    ['SPLIT', 'half', someone],
    ['DISABLED', 'killed', someone],
    ['ERROR', 'half', {}],
  ])('is %s for %s with %j', async (reason, key, context) => {
    expect((await client.getBooleanDetails(key, false, context as EvaluationContext)).reason).toBe(reason)
  })

  it('of a rollout without a targeting key says so', async () => {
    expect((await client.getBooleanDetails('half', true)).errorCode).toBe('TARGETING_KEY_MISSING')
  })
})

describe('P8: flag metadata', () => {
  it.each([
    ['a rule', 'german', { country: 'DE' }, { rule: 'r-de', owner: 'checkout', priority: 1, beta: true }],
    ['no rule', 'german', {}, { owner: 'checkout', priority: 1, beta: true }],
    ['a kill', 'killed', {}, { killed: true, version: 7 }],
    ['an off flag', 'switchedOff', {}, {}],
    ['the wrong type', 'string', {}, {}],
  ])('is there for %s, and frozen', async (_, key, context, more) => {
    const { flagMetadata } = await client.getBooleanDetails(key, false, context as EvaluationContext)
    expect(flagMetadata).toEqual({ flagSetId: 'shop/production', version: 1, ...more })
    expect(Object.isFrozen(flagMetadata)).toBe(true)
  })

  it('of a missing flag names the flag set', async () => {
    const { flagMetadata } = await client.getBooleanDetails('unknown', false)
    expect(flagMetadata).toEqual({ flagSetId: 'shop/production' })
  })
})

describe('P9: telemetry', () => {
  it('has the set, the version and the context', async () => {
    const events: object[] = []
    await client.getBooleanValue(
      'german',
      false,
      { targetingKey: 'user-1', country: 'DE' },
      {
        hooks: [
          {
            finally: (hookContext, details) => void events.push(createEvaluationEvent(hookContext, details)),
          },
        ],
      },
    )
    expect(events).toEqual([
      {
        name: 'feature_flag.evaluation',
        attributes: {
          'feature_flag.key': 'german',
          'feature_flag.provider.name': 'jackstaff',
          'feature_flag.result.reason': 'targeting_match',
          'feature_flag.result.variant': 'on',
          'feature_flag.result.value': true,
          'feature_flag.context.id': 'user-1',
          'feature_flag.set.id': 'shop/production',
          'feature_flag.version': 1,
        },
      },
    ])
  })
})

describe('P10: hostile contexts', () => {
  const cyclic: Record<string, unknown> = { country: 'FR' }
  cyclic.self = cyclic
  let deep: Record<string, unknown> = { plan: 'pro' }
  for (let level = 0; level < 100_000; level++) deep = { organization: deep }
  const contexts: Record<string, unknown> = {
    dates: { country: new Date(), targetingKey: new Date(Number.NaN) },
    cycles: { country: cyclic, organization: cyclic, targetingKey: cyclic },
    'big integers and symbols': { country: 10n, targetingKey: Symbol('who') },
    depth: deep,
    'ten megabytes': { country: 'x'.repeat(10_000_000), targetingKey: 'x'.repeat(10_000_000) },
    'no prototype': Object.assign(Object.create(null), { country: 'FR', targetingKey: 'x' }),
    functions: { country: () => 'DE', organization: class {} },
  }
  const throwing = {
    get country() {
      throw new Error('mine')
    },
    targetingKey: 'x',
  }

  it.each(Object.keys(contexts))('%s never make it throw', async (name) => {
    for (const key of ['german', 'half']) {
      const answer = await client.getBooleanDetails(key, false, contexts[name] as EvaluationContext)
      expect(typeof answer.value).toBe('boolean')
      expect(typeof provider.evaluate(key, false, contexts[name] as EvaluationContext).value).toBe('boolean')
    }
  })

  it('getters that throw never make it throw', () => {
    expect(provider.evaluate('german', false, throwing as never).value).toBe(false)
  })
})

describe('P24: a MultiProvider', () => {
  it('falls through where a flag is not found, and nowhere else', async () => {
    const here = new JackstaffProvider({ url: server.url, key: SERVER_KEY })
    const fallback = new InMemoryProvider({
      elsewhere: { variants: { on: true }, defaultVariant: 'on', disabled: false },
      switchedOff: { variants: { on: true }, defaultVariant: 'on', disabled: false },
    })
    await OpenFeature.setProviderAndWait(
      'multi',
      new MultiProvider([{ provider: here }, { provider: fallback }]),
    )
    const multi = OpenFeature.getClient('multi')
    expect(await multi.getBooleanValue('elsewhere', false)).toBe(true)
    expect(await multi.getBooleanValue('boolean', false)).toBe(true)
    expect(await multi.getBooleanValue('switchedOff', true)).toBe(false)
  })
})

describe('P27: keys that are not ASCII', () => {
  it('are hashed as UTF-8, on both sides of the cut', async () => {
    const keys = ['é', 'ß', '日本', '😀', 'я', 'ü', 'ñ', '中文', '🇫🇷', 'ø']
    const values = await Promise.all(
      keys.map((targetingKey) => client.getBooleanValue('half', false, { targetingKey })),
    )
    expect(new Set(values)).toEqual(new Set([true, false]))
    const bytes = (key: string) => new TextEncoder().encode(`salt${key}`)
    expect(values).toEqual(keys.map((key) => murmur3.x86.hash32(bytes(key)) < 2 ** 31))
  })
})
