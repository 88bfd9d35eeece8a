import { createEvaluationEvent, type JsonValue } from '@openfeature/core'
import * as serverSdk from '@openfeature/server-sdk'
import * as webSdk from '@openfeature/web-sdk'
import murmur3 from 'murmurhash3js-revisited'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evaluationConfig, list } from '../../support/evaluation-flags'
import { freePort } from '../../support/process'
import { ProtocolServer } from '../../support/protocol-server'
import { type Bound, type Method, sidesAndResiduals } from '../../support/sides'

// The same names with other types; what differs is what the tests are about.
const inBrowser = webSdk as unknown as typeof serverSdk

const server = new ProtocolServer(evaluationConfig, await freePort())
const someone = { targetingKey: 'user-1' }
const ofMethod = { Boolean: 'boolean', String: 'string', Number: 'number', Object: 'object' } as const
const methods = Object.keys(ofMethod) as Method[]

beforeAll(() => server.start())
afterAll(() => server.stop())

describe.each(sidesAndResiduals)('the $side provider', ({ side, name, make, bind, close }) => {
  const sdk = side === 'server' ? serverSdk : inBrowser
  let bound: Bound
  const ask: Bound['ask'] = (...question) => bound.ask(...question)
  /** As hot paths do, past the SDK. */
  const evaluate = (key: string, fallback: boolean, context?: unknown) =>
    bound.provider.evaluate(key, fallback, context as never)

  beforeAll(async () => {
    bound = bind({ url: server.url })
    expect(await bound.initialized).toBeNull()
  })
  afterAll(close)

  describe('P1 (2.1.1): who it is', () => {
    it('has a constant name and says where it runs', () => {
      expect(bound.provider.metadata).toEqual({ name })
      expect(bound.provider.runsOn).toBe(side === 'server' ? 'server' : 'client')
    })

    it('is rejected by the SDK of the other side', () => {
      const { OpenFeature } = side === 'server' ? inBrowser : serverSdk
      const where = side === 'server' ? /intended for use on the server/ : /intended for use on the client/
      expect(() => OpenFeature.setProvider(bound.provider as never)).toThrow(where)
    })
  })

  describe('P2 (2.2.1, 2.2.2.1, 2.2.3, 2.2.4, 2.2.5, 2.2.6, 2.3.2): four typed resolves', () => {
    it.each([
      ['Boolean', 'boolean', false, true],
      ['String', 'string', 'x', 'text'],
      ['Number', 'number', 1, 42.5],
      ['Object', 'object', {}, { a: list }],
      ['Object', 'list', [], list],
    ] as const)(
      'give value, variant and reason, and no error: %s %s',
      async (method, key, fallback, value) => {
        const answer = await ask(method, key, fallback, someone)
        expect(answer).toMatchObject({ value, variant: 'on', reason: 'STATIC' })
        expect(answer).not.toHaveProperty('errorCode')
        expect(answer).not.toHaveProperty('errorMessage')
      },
    )

    it('have a synchronous twin for hot paths', () => {
      const { provider } = bound
      expect(provider.evaluate('boolean', false, someone)).toMatchObject({ value: true, reason: 'STATIC' })
      expect(provider.evaluate('string', 'x').value).toBe('text')
      expect(provider.evaluate('number', 0).value).toBe(42.5)
      expect(provider.evaluate<JsonValue>('object', null).value).toEqual({ a: list })
      expect(provider.evaluate('boolean', 'x')).toMatchObject({ value: 'x', errorCode: 'TYPE_MISMATCH' })
    })
  })

  describe('P3 (2.2.7): a value of another type', () => {
    const fallbacks = { Boolean: true, String: 'mine', Number: 7, Object: { mine: true } } as const
    const pairs = methods.flatMap((asked) =>
      methods.filter((is) => is !== asked).map((is) => [asked, ofMethod[is]] as const),
    )

    it.each(pairs)('is TYPE_MISMATCH with the default itself: asked for %s, of a %s', async (asked, is) => {
      const answer = await ask(asked, is, fallbacks[asked], someone)
      expect(answer.value).toBe(fallbacks[asked])
      expect(answer).toMatchObject({ reason: 'ERROR', errorCode: 'TYPE_MISMATCH' })
      expect(answer.variant).toBeUndefined()
    })

    it.each([[null], [[]], [{}]])('is none where a default of %j asks for an object', async (fallback) => {
      expect((await ask('Object', 'list', fallback, someone)).value).toEqual(list)
      expect((await ask('Object', 'object', fallback, someone)).value).toEqual({ a: list })
      expect((await ask('Object', 'boolean', fallback, someone)).value).toBe(fallback)
    })

    it.each(methods)('never gets out of a flag whose variants are of two types: %s', async (method) => {
      const answer = await ask(method, 'malformed', fallbacks[method], someone)
      expect(answer.value).toBe(fallbacks[method])
      expect(answer).toMatchObject({ reason: 'ERROR', errorCode: 'PARSE_ERROR' })
    })
  })

  describe('P4 (2.2.7, types: FLAG_NOT_FOUND): a flag that is not there', () => {
    it.each(['unknown', 'archived', 'toString', '__proto__', 'constructor', 'hasOwnProperty', ''])(
      '%j is FLAG_NOT_FOUND',
      async (key) => {
        const fallback = { mine: true }
        const answer = await ask('Object', key, fallback, someone)
        expect(answer).toMatchObject({ reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' })
        expect(answer.value).toBe(fallback)
      },
    )
  })

  describe('P5 (2.2.5): off and killed', () => {
    it.each(['switchedOff', 'killed'])('%s serves the off variant, DISABLED', async (key) => {
      const answer = await ask('Boolean', key, true, someone)
      expect(answer).toMatchObject({ value: false, variant: 'off', reason: 'DISABLED' })
    })

    it('serve the default itself where there is no off variant', async () => {
      const answer = await ask('Boolean', 'offToDefault', true, someone)
      expect(answer).toMatchObject({ value: true, reason: 'DISABLED' })
      expect(answer).not.toHaveProperty('errorCode')
      expect(answer.variant).toBeUndefined()
    })
  })

  describe('P6 (2.2.5): the reason', () => {
    const cases = [
      ['STATIC', 'boolean', {}],
      ['DEFAULT', 'german', { country: 'FR' }],
      ['DEFAULT', 'dependant', {}],
      ['TARGETING_MATCH', 'german', { country: 'DE' }],
      ['TARGETING_MATCH', 'german', { organization: { plan: 'pro' } }],
      ['SPLIT', 'half', someone],
      ['DISABLED', 'killed', someone],
      ['ERROR', 'half', {}],
    ] as const

    it.each(cases)('is %s for %s with %j', async (reason, key, context) => {
      expect((await ask('Boolean', key, false, context)).reason).toBe(reason)
    })

    it('of a rollout without a targeting key says so', async () => {
      expect((await ask('Boolean', 'half', true, {})).errorCode).toBe('TARGETING_KEY_MISSING')
    })

    // A residual answers for one context, and starts from one: web-residual.test.ts.
    if (side !== 'residual web')
      it('is CACHED in place of each of these, but for ERROR, until a server has confirmed the config', async () => {
        const unconfirmed = bind({ url: `http://127.0.0.1:${await freePort()}`, bootstrap: evaluationConfig })
        await unconfirmed.initialized
        for (const [reason, key, context] of cases) {
          const confirmed = await ask('Boolean', key, false, context)
          const answer = await unconfirmed.ask('Boolean', key, false, context)
          expect(answer).toEqual({ ...confirmed, reason: reason === 'ERROR' ? 'ERROR' : 'CACHED' })
        }
        await unconfirmed.provider.onClose()
      })
  })

  describe('P8 (2.2.9, 2.2.10): flag metadata', () => {
    const set = { flagSetId: 'shop/production' }
    const own = { owner: 'checkout', priority: 1, beta: true }

    it.each([
      ['a success', 'boolean', {}, { ...set, version: 1 }],
      ['a rule', 'german', { country: 'DE' }, { ...set, version: 1, rule: 'r-de', ...own }],
      ['no rule', 'german', {}, { ...set, version: 1, ...own }],
      ['a kill', 'killed', {}, { ...set, version: 7, killed: true }],
      ['a prerequisite', 'dependant', {}, { ...set, version: 1, prerequisite: 'killed' }],
      ['an off flag', 'switchedOff', {}, { ...set, version: 1 }],
      ['the wrong type', 'string', {}, { ...set, version: 1 }],
      ['a missing targeting key', 'half', {}, { ...set, version: 1 }],
      ['a malformed flag', 'malformed', {}, set],
      ['a missing flag', 'unknown', {}, set],
    ])('is there for %s, of primitives, and frozen', async (_, key, context, expected) => {
      const answers = [await ask('Boolean', key, false, context), evaluate(key, false, context)]
      for (const { flagMetadata } of answers) {
        expect(flagMetadata).toEqual(expected)
        expect(Object.isFrozen(flagMetadata)).toBe(true)
        for (const value of Object.values(flagMetadata!))
          expect(['string', 'number', 'boolean']).toContain(typeof value)
      }
    })

    it('of a flag is the same object after another flag was published, so that nothing renders again', async () => {
      const other = new ProtocolServer(evaluationConfig, await freePort())
      await other.start()
      const near = bind({ url: other.url })
      await near.initialized
      const before = near.provider.evaluate('german', false).flagMetadata
      const heard = new Promise<void>((resolve) => {
        near.provider.events.addHandler('PROVIDER_CONFIGURATION_CHANGED' as never, () => resolve())
      })
      other.publish({ boolean: null })
      await heard
      expect(near.provider.evaluate('boolean', false).errorCode).toBe('FLAG_NOT_FOUND')
      expect(near.provider.evaluate('german', false).flagMetadata).toEqual(before)
      await near.provider.onClose()
      await other.stop()
    })
  })

  describe('P9 (appendix D): createEvaluationEvent', () => {
    async function eventOf(key: string) {
      const events: object[] = []
      const hook = {
        finally: (context: never, details: never) =>
          void events.push(createEvaluationEvent(context, details)),
      }
      await ask('Boolean', key, false, { targetingKey: 'user-1', country: 'DE' }, [hook as never])
      return events
    }

    it('has the set, the version and the context', async () => {
      expect(await eventOf('german')).toEqual([
        {
          name: 'feature_flag.evaluation',
          attributes: {
            'feature_flag.key': 'german',
            'feature_flag.provider.name': name,
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

    it('of an error has the set, the context and what went wrong', async () => {
      expect(await eventOf('unknown')).toEqual([
        {
          name: 'feature_flag.evaluation',
          attributes: {
            'feature_flag.key': 'unknown',
            'feature_flag.provider.name': name,
            'feature_flag.result.reason': 'error',
            'feature_flag.result.value': false,
            'feature_flag.context.id': 'user-1',
            'feature_flag.set.id': 'shop/production',
            'error.type': 'flag_not_found',
            'error.message': expect.stringContaining('unknown'),
          },
        },
      ])
    })
  })

  describe('P10 (1.4.10): hostile contexts', () => {
    const cyclic: Record<string, unknown> = { country: 'FR' }
    cyclic.self = cyclic
    let deep: Record<string, unknown> = { plan: 'pro' }
    for (let level = 0; level < 100_000; level++) deep = { organization: deep }
    const revoked = Proxy.revocable({}, {})
    revoked.revoke()
    const throwing = {
      get plan(): string {
        throw new Error('mine')
      },
    }
    const contexts: Record<string, unknown> = {
      dates: { country: new Date(), targetingKey: new Date(Number.NaN) },
      cycles: { country: cyclic, organization: cyclic, targetingKey: cyclic },
      'big integers and symbols': { country: 10n, targetingKey: Symbol('who') },
      depth: deep,
      'ten megabytes': { country: 'x'.repeat(10_000_000), targetingKey: 'x'.repeat(10_000_000) },
      'no prototype': Object.assign(Object.create(null), { country: 'FR', targetingKey: 'x' }),
      functions: { country: () => 'DE', organization: class {} },
      'getters that throw': { organization: throwing, targetingKey: 'x' },
      'revoked proxies': { organization: revoked.proxy, country: revoked.proxy, targetingKey: revoked.proxy },
    }

    it.each(Object.keys(contexts))('%s never make it throw', async (kind) => {
      for (const key of ['german', 'half']) {
        expect(typeof (await ask('Boolean', key, false, contexts[kind])).value).toBe('boolean')
        expect(typeof evaluate(key, false, contexts[kind]).value).toBe('boolean')
      }
    })

    it('an attribute that throws never makes the provider throw', () => {
      const whole = {
        get country() {
          throw new Error('mine')
        },
        targetingKey: 'x',
      }
      expect(evaluate('german', false, whole)).toMatchObject({ value: false, reason: 'DEFAULT' })
    })
  })

  describe('P24: a MultiProvider', () => {
    it('falls through where a flag is not found, and nowhere else', async () => {
      const { OpenFeature, MultiProvider, InMemoryProvider } = sdk
      const always = { variants: { on: true }, defaultVariant: 'on', disabled: false }
      const first = make({ url: server.url })
      const second = new InMemoryProvider({ elsewhere: always, switchedOff: always, boolean: always })
      const multi = new MultiProvider([{ provider: first as never }, { provider: second }])
      await OpenFeature.setProviderAndWait('multi', multi)
      const client = OpenFeature.getClient('multi')
      expect(await client.getBooleanValue('elsewhere', false)).toBe(true)
      expect(await client.getBooleanValue('boolean', false)).toBe(true)
      expect(await client.getBooleanValue('switchedOff', true)).toBe(false)
    })
  })

  describe('P27: keys that are not ASCII', () => {
    it('are hashed as UTF-8, on both sides of the cut', async () => {
      const keys = ['é', 'ß', '日本', '😀', 'я', 'ü', 'ñ', '中文', '🇫🇷', 'ø']
      const values: unknown[] = []
      for (const targetingKey of keys)
        values.push((await ask('Boolean', 'half', false, { targetingKey })).value)
      expect(new Set(values)).toEqual(new Set([true, false]))
      const bytes = (key: string) => new TextEncoder().encode(`salt${key}`)
      expect(values).toEqual(keys.map((key) => murmur3.x86.hash32(bytes(key)) < 2 ** 31))
    })
  })
})
