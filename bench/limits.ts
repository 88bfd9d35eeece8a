import { Budgets } from '../lib/delivery/budgets'
import type { Key } from '../lib/delivery/keys'
import { clientAddress, countedAs } from '../lib/limits/client-address'

// What counting costs a request of delivery, beside the fastest there is: a 304 of /config.

const CALLS = 1_000_000
const ROUNDS = 5
const WHOLE_NS = 1_000_000_000 / 8_900 // docs/scaling.md: 8,900 a second from one process
const CLIENTS = 2_000 // of one office, each with an address of its own here: the dearer case

const budget = { quota: 1_000_000_000, seconds: 60 }
const budgets = new Budgets({ config: budget, streams: budget, ofrep: budget, telemetry: budget })
const key: Key = {
  id: 'cli_bench',
  environmentId: 1,
  view: 'full',
  hash: '',
  origins: [],
  expiresAt: Infinity,
}
const addresses = Array.from({ length: CLIENTS }, (_, i) => `::ffff:10.0.${i >> 8}.${i & 255}`)

async function round(): Promise<number> {
  const begun = process.hrtime.bigint()
  for (let i = 0; i < CALLS; i++)
    await budgets.take('config', key, countedAs(clientAddress(addresses[i % CLIENTS], undefined, [])))
  return Number(process.hrtime.bigint() - begun) / CALLS
}

const rounds: number[] = []
for (let i = 0; i < ROUNDS; i++) rounds.push(await round())
const best = Math.min(...rounds)
const share = ((best / WHOLE_NS) * 100).toFixed(1)
console.log(`a budget of delivery: ${Math.round(best)} ns a request, ${share} % of a 304 (best of ${ROUNDS})`)
