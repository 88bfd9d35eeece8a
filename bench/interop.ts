/**
 * What a node works to answer others in their protocols: all flags of an environment over OFREP, and its definition for
 * flagd. Without HTTP: only what is ours. A table, then the same figures as JSON.
 */
import { EMPTY } from '../db/config-log'
import type { Ask } from '../lib/delivery/answer'
import { Environment } from '../lib/delivery/environment'
import { definitionOf } from '../lib/delivery/flagd'
import { evaluateFlags } from '../lib/delivery/ofrep/bulk'
import type { Flag } from '../lib/evaluation'
import { aFlag } from '../tests/support/build-config'

const SIZES = [100, 1_000, 5_000]
const ROUNDS = 200

/** One of three: a fixed answer, a rule by country, a rollout. */
function flagNumber(i: number): Flag {
  const rest = { variant: 'off' } as const
  const rollout = { share: 25_000, split: [{ variant: 'on', weight: 100_000 }], rest }
  const when = { attribute: 'country', op: 'is_one_of', values: ['DE', 'FR'] } as const
  if (i % 3 === 0) return aFlag({ fallthrough: { variant: 'on' } })
  if (i % 3 === 1) return aFlag({ rules: [{ id: 'r', when, serve: { variant: 'on' } }], fallthrough: rest })
  return aFlag({ salt: `salt-${i}`, fallthrough: { rollout } })
}

function environmentOf(size: number, version: number): Environment {
  const flags = Object.fromEntries(Array.from({ length: size }, (_, i) => [`flag-${i}`, flagNumber(i)]))
  const killedAt = '1.0.00000000'
  return new Environment(1, 'shop/production', {
    ...EMPTY,
    epoch: 1,
    version,
    hash: '0'.repeat(64),
    killedAt,
    flags,
  })
}

function askFor(user: number): Ask {
  const context = { targetingKey: `user-${user}`, country: ['DE', 'US', 'JP'][user % 3] }
  return {
    method: 'POST',
    path: '',
    query: new URLSearchParams(),
    header: () => undefined,
    client: () => '',
    text: async () => JSON.stringify({ context }),
  }
}

const percentile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)]!

async function bulk(size: number) {
  const environment = environmentOf(size, 1)
  const times: number[] = []
  let bytes = 0
  for (let user = 0; user < ROUNDS + 20; user++) {
    const start = performance.now()
    const { body } = await evaluateFlags(
      askFor(user),
      environment,
      { view: 'server', clientKey: null },
      () => {},
    )
    times.push(performance.now() - start)
    bytes = Buffer.byteLength(body!)
  }
  const warm = times.slice(20)
  return { first: times[0]!, p50: percentile(warm, 0.5), p99: percentile(warm, 0.99), bytes }
}

function definition(size: number) {
  const times: number[] = []
  let bytes = 0
  for (let version = 1; version <= 20; version++) {
    const environment = environmentOf(size, version)
    const start = performance.now()
    bytes = Buffer.byteLength(definitionOf(environment, 'server').text)
    times.push(performance.now() - start)
  }
  return { first: times[0]!, p50: percentile(times.slice(5), 0.5), bytes }
}

const figures = []
for (const flags of SIZES) figures.push({ flags, bulk: await bulk(flags), definition: definition(flags) })

const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`
const kb = (bytes: number) => `${Math.round(bytes / 1_000)} KB`
console.log('flags   all over OFREP: p50, p99, first, size     definition for flagd: p50, size')
for (const { flags, bulk, definition } of figures) {
  const ofrep = [ms(bulk.p50), ms(bulk.p99), ms(bulk.first), kb(bulk.bytes)].map((text) => text.padStart(8))
  const flagd = [ms(definition.p50), kb(definition.bytes)].map((text) => text.padStart(8))
  console.log(`${String(flags).padEnd(8)}${ofrep.join('  ')}          ${flagd.join('  ')}`)
}
console.log(JSON.stringify(figures))
