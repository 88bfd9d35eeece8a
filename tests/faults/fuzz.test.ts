import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { changedFlags, evaluate, parseConfig } from '@/lib/evaluation'
import * as any from '../support/arbitrary-config'
import { matrix, SHOP } from '../support/authorization'
import { figure } from '../support/figure'
import { judged, SOUND } from '../support/history'
import { type Jackstaff, PRODUCTION, seedShop, startJackstaff } from '../support/jackstaff'
import { inForm } from '../support/long-form'
import { newSeed } from '../support/random'
import { raw } from '../support/raw-http'

// Inputs that nobody would send, to every route of the API and to the engine: all are answered, none with an error of ours,
// and none leaves anything half done.

const CONFIGS = inForm(18_000, 900_000)
const REQUESTS = inForm(2_000, 100_000)
const BATCH = 500
const VARIANTS = 20 // of each config that was made up
const AT_ONCE = 12 // fewer than wait for their turn for long, on a machine that is busy

const hostile = fc.oneof(
  fc.constantFrom<unknown>(
    ...['', ' ', '\u0000', '\ud800', '__proto__', 'constructor', '%00', '../..', "'; --", '🚩'.repeat(300)],
    ...['x'.repeat(70_000), '2026-13-45T99:99:99Z', '*', '\u202e', 'NaN', '1e999'],
    ...[-1, 0.1, 1e308, Number.MAX_SAFE_INTEGER, null, true, false, [], {}, [[[]]]],
  ),
  fc.jsonValue({ maxDepth: 4 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

const printable = (value: unknown) =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
    .replace(/[^\x21-\x7e]/g, '?')
    .slice(0, 500)

/** A body like the right one, with something hostile in one place. */
function spoiled(body: unknown, value: unknown, turns: readonly number[]): unknown {
  const [turn = 0, ...rest] = turns
  if (typeof body !== 'object' || body === null || rest.length === 0) return value
  const keys = Object.keys(body)
  if (turn % 7 === 0 || keys.length === 0) return { ...body, [printable(value)]: value }
  const key = keys[turn % keys.length]!
  const inner = spoiled((body as Record<string, unknown>)[key], value, rest)
  return Array.isArray(body)
    ? body.map((each, i) => (String(i) === key ? inner : each))
    : { ...body, [key]: inner }
}

const TARGETING = {
  on: true,
  offVariant: 'off',
  targets: [{ variant: 'on', by: 'targetingKey', values: ['ana'] }],
  rules: [{ id: 'r', when: { attribute: 'country', op: 'in', values: ['NZ'] }, serve: { variant: 'on' } }],
  fallthrough: {
    rollout: { share: 5_000, split: [{ variant: 'on', weight: 100_000 }], rest: { variant: 'off' } },
  },
}
const SEGMENT = { name: 'Used', included: ['ana'], any: [{ attribute: 'country', op: 'in', values: ['NZ'] }] }
const BODIES: Record<string, unknown> = { [PRODUCTION]: TARGETING, [`${SHOP}/segments/used`]: SEGMENT }

/** What would end the token, or the flag that is asked for all the time. */
const isLeft = ([method, path]: readonly [string, string, ...unknown[]]) =>
  !(method === 'DELETE' && /^\/(tokens|projects\/shop$)/.test(path))

const turns = fc.array(fc.nat(50), { minLength: 1, maxLength: 5 })

const request = fc.record({
  line: fc.constantFrom(...matrix.filter(isLeft)),
  value: hostile,
  turns,
  where: fc.constantFrom('body', 'body', 'body', 'path', 'query', 'bytes', 'headers'),
  bytes: fc.uint8Array({ maxLength: 200 }),
})
type Request = typeof request extends fc.Arbitrary<infer R> ? R : never

function sent({ line, value, turns, where, bytes }: Request) {
  const [method, path, , , body, headers = {}] = line
  const usual = BODIES[path] ?? body
  const text =
    where === 'bytes' ? Buffer.from(bytes).toString('latin1') : JSON.stringify(spoiled(usual, value, turns))
  const segments = path.split('/')
  const at = 1 + (turns[0]! % (segments.length - 1))
  const hostilePath = segments
    .map((each, i) => (i === at ? encodeURIComponent(printable(value)) : each))
    .join('/')
  return {
    method,
    path:
      where === 'path'
        ? hostilePath
        : where === 'query'
          ? `${path}?${encodeURIComponent(printable(value))}=1`
          : path,
    headers: {
      'if-match': '*',
      ...headers,
      ...(where === 'headers' ? { 'if-match': printable(value), 'idempotency-key': printable(value) } : {}),
    },
    body: method === 'GET' ? undefined : (text ?? ''),
  }
}

const seed = newSeed()
let jackstaff: Jackstaff
beforeAll(async () => {
  jackstaff = await startJackstaff()
  await seedShop(jackstaff)
  for (const key of ['used', 'idle']) await jackstaff.api('POST', `${SHOP}/segments`, { key, name: key })
})
afterAll(() => jackstaff?.stop())

it(`${REQUESTS} requests are all answered, none with an error of the server, and nothing is half done`, async () => {
  const counts: Record<number, number> = {}
  const wrong: string[] = []
  const ask = async (one: Request) => {
    const { method, path, headers, body } = sent(one)
    const length = { 'content-length': String(Buffer.byteLength(body ?? '')) } // of a DELETE node:http tells none
    const answer = await raw(`${jackstaff.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${jackstaff.token}`,
        'content-type': 'application/json',
        ...length,
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    }).catch((error) => ({ status: 0, headers: {}, body: Buffer.from(String(error)) }))
    counts[answer.status] = (counts[answer.status] ?? 0) + 1
    // 503: too many at once for a machine that is busy. Whoever is refused otherwise is told why, in the form of RFC 9457; a
    // method that a route does not have is refused by Next, with the status alone.
    const isTold =
      answer.status < 400 || answer.status === 405 || answer.body.toString('utf8').includes('"title"')
    if ((answer.status >= 500 && answer.status !== 503) || answer.status === 0 || !isTold)
      wrong.push(
        `${answer.status} ${method} ${path} ${body?.slice(0, 300)}: ${answer.body.toString('utf8').slice(0, 200)}`,
      )
  }
  for (let done = 0; done < REQUESTS; done += BATCH) {
    const left = fc.sample(request, { numRuns: BATCH, seed: seed + done })
    const lane = async () => {
      for (let one = left.pop(); one !== undefined; one = left.pop()) await ask(one)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, lane))
  }
  console.log(`SEED=${seed}: ${REQUESTS} requests: ${JSON.stringify(counts)}`)
  figure('fuzz', `errors of the server and refusals that tell nothing, of ${REQUESTS} requests`, wrong.length)
  expect(wrong).toEqual([])
  expect(jackstaff.program.child.exitCode).toBeNull()
  expect(await judged(jackstaff, { acknowledged: [] })).toEqual(SOUND)
}, 3_600_000)

it(`${CONFIGS} configs are taken or refused, and no flag of one throws`, () => {
  const input = fc.oneof(any.brokenConfig, any.config)
  let taken = 0
  for (let done = 0; done < CONFIGS; done += BATCH) {
    const contexts = fc.sample(any.hostileContext, { numRuns: BATCH / VARIANTS, seed: seed + done })
    const spoils = fc.sample(fc.tuple(hostile, turns), { numRuns: BATCH, seed: seed + done })
    for (const [i, one] of fc.sample(input, { numRuns: BATCH / VARIANTS, seed: seed + done }).entries())
      for (const [value, where] of spoils.slice(i * VARIANTS, (i + 1) * VARIANTS)) {
        const result = parseConfig(spoiled(one, value, where))
        if (!result.ok) continue
        taken++
        changedFlags(null, result.config)
        for (const key of any.FLAG_KEYS) evaluate(result.config, key, contexts[i]!, any.MOMENTS[0]!)
      }
  }
  console.log(`SEED=${seed}: ${CONFIGS} configs, ${taken} taken, none threw`)
  figure('fuzz', `configs that threw, of ${CONFIGS}`, 0)
}, 3_600_000)
