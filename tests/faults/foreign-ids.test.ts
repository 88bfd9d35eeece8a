import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareIds, parseId } from '@/lib/evaluation'
import { figure } from '../support/figure'
import { follow, parsedOf, seen } from '../support/follow'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { inForm } from '../support/long-form'
import { until } from '../support/process'
import { newSeed, type Random, randomFrom } from '../support/random'
import { bearer, raw } from '../support/raw-http'
import { openStream, type Stream } from '../support/stream'

// A Last-Event-ID that is none of ours opens a stream all the same, and brings whoever sent it to what is published.

const RANDOM = inForm(200, 2_000)
const seed = newSeed()
const random = randomFrom(seed)

let jackstaff: Jackstaff
const keys = { server: '', full: '', residual: '' }
type Kind = keyof typeof keys
const kinds = Object.keys(keys) as Kind[]

beforeAll(async () => {
  jackstaff = await startJackstaff()
  const { serverKey, clientKey } = await seedShop(jackstaff)
  const residual = { kind: 'client', mode: 'residual', name: 'pages' }
  const { body } = await jackstaff.api('POST', '/projects/shop/environments/production/keys', residual)
  Object.assign(keys, { server: serverKey, full: clientKey, residual: body.key })
  for (let percent = 1; percent <= 5; percent++) await publish(percent)
  // Environments of the same history have the same ids: this one has another from here on.
  await jackstaff.api('PUT', '/projects/shop/flags/checkout/environments/staging/kill', { reason: 'test' })
})
afterAll(() => jackstaff?.stop())

async function publish(percent: number): Promise<string> {
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  const answer = await jackstaff.api('PUT', PRODUCTION, share(percent), { 'if-match': headers.get('etag')! })
  expect(answer.status).toBe(200)
  return answer.headers.get('x-jackstaff-version')!.replace('production=', '')
}

const configOf = async (kind: Kind, min = '0.0.00000000') => {
  const { body } = await raw(`${jackstaff.url}/config?min=${min}`, { headers: bearer(keys[kind]) })
  return parsedOf(JSON.parse(body.toString('utf8')))
}

type Opened = { kind: Kind; lastId: string; head: string; stream: Stream }

/** Whoever comes in a crowd is told to come back. */
async function open(kind: Kind, lastId: string, head: string): Promise<Opened> {
  const stream = await openStream(jackstaff.url, keys[kind], lastId)
  if (stream.status === 503) {
    await sleep(1_000 * Number(stream.headers['retry-after']))
    return open(kind, lastId, head)
  }
  expect(stream.status, JSON.stringify(lastId)).toBe(200)
  return { kind, lastId, head, stream }
}

const hears = ({ stream }: Opened, id: string) =>
  until(`word of ${id}`, () =>
    stream.frames.find(({ event, data }) => event !== 'hello' && [data.to, data.id].includes(id)),
  )

/** Publishes once: every stream tells it, and what those held before that could be read is what is published. */
async function judge(opened: readonly Opened[], percent: number): Promise<void> {
  const id = await publish(percent)
  const configs = { server: await configOf('server', id), full: await configOf('full', id) }
  expect(compareIds(configs.server.id, id)).toBeGreaterThanOrEqual(0)
  for (const each of opened) {
    const { kind, lastId, head, stream } = each
    await hears(each, id)
    expect(stream.frames[0]!.event).toBe('hello')
    const events = stream.frames.slice(1).map(({ event }) => event)
    const where = `${kind} ${JSON.stringify(lastId.slice(0, 100))}: ${events}`
    if (kind === 'residual') expect(new Set(events), where).toEqual(new Set(['changed']))
    else if (compareIds(lastId, head) <= 0) {
      expect(events[0], where).toBe('put') // it cannot be continued
      // What a server key has made up may begin a new epoch; then everyone fetches the config.
      if (!events.includes('resync')) expect(seen(follow(stream.frames)), where).toEqual(seen(configs[kind]))
    }
    expect(stream.ended(), where).toBe(false)
    stream.close()
  }
}

const headNow = async () => (await configOf('server')).id

describe('an id that is none of this environment', () => {
  const named: [string, (head: string, other: string) => string][] = [
    ['no text at all', () => ''],
    ['a word', () => 'garbage'],
    ['of another environment', (_, other) => other],
    ['of epoch 0', () => '0.0.00000000'],
    ['of the same version with another hash', (head) => `${head.slice(0, -8)}00000000`],
    ['newer by one', (head) => `${head.replace(/\.(\d+)\..*/, (_, n) => `.${Number(n) + 1}`)}.0a1b2c3d`],
    ['of another epoch', (head) => `${parseId(head)!.epoch + 3}.1.0a1b2c3d`],
    ['with more digits than numbers hold', () => `1.${'9'.repeat(40)}.0a1b2c3d`],
    ['escaped', () => '\\u0031.\\u0035.0a1b2c3d%0d%0aid: 1'],
    ['8 KB long', () => '1'.repeat(8_000)],
    ['of bytes beyond ASCII', () => '\u00ff\u00fe\t\u0080'],
  ]

  it.each(kinds)('opens a stream for a %s key all the same', async (kind) => {
    const staging = await jackstaff.api('GET', '/projects/shop/environments/staging/versions?limit=1')
    const other = staging.body.items[0].id
    for (const [index, [, make]] of named.entries()) {
      const head = await headNow()
      await judge([await open(kind, make(head, other), head)], 10 + kinds.indexOf(kind) * 20 + index)
    }
  })

  it('longer than any header may be is refused, as any such request is', async () => {
    const { status } = await raw(`${jackstaff.url}/config/stream`, {
      headers: { ...bearer(keys.server), 'last-event-id': '1'.repeat(20_000) },
    })
    expect(status).toBe(431)
  })
})

const ALLOWED = [9, ...Array.from({ length: 224 }, (_, i) => i + 32).filter((code) => code !== 127)]

function someText({ below, pick }: Random, most: number): string {
  return String.fromCharCode(...Array.from({ length: below(most) }, () => pick(ALLOWED)))
}

/** The head with some of its letters replaced, or nothing like it. */
function foreign(chance: Random, head: string): string {
  if (chance.chance(0.4)) return someText(chance, 2_000)
  const letters = [...head]
  for (let i = 0; i <= chance.below(3); i++)
    letters[chance.below(letters.length)] = chance.chance(0.7)
      ? chance.pick([...'0123456789abcdef.'])
      : someText(chance, 3)
  return letters.join('')
}

it(`${RANDOM} random ones cost no answer, no stream and no state`, async () => {
  const head = await headNow()
  const ids = Array.from({ length: RANDOM }, () => foreign(random, head)).filter((id) => id.trim() !== head)
  const opened = await Promise.all(ids.map((id, i) => open(kinds[i % kinds.length]!, id, head)))
  const statuses = await Promise.all(
    ids.map(async (id) => {
      const { status } = await raw(`${jackstaff.url}/config?since=${encodeURIComponent(id)}`, {
        headers: bearer(keys.server),
      })
      return status
    }),
  )
  await judge(opened, 90)
  const counts = [...new Set(statuses)].map(
    (status) => `${statuses.filter((s) => s === status).length} x ${status}`,
  )
  console.log(
    `seed ${seed}: ${opened.length} streams with foreign ids were opened; asked since such an id: ${counts.join(', ')}`,
  )
  figure(
    'foreign-id',
    `errors of the server, of ${ids.length} ids`,
    statuses.filter((status) => status >= 500).length,
  )
  expect(Math.max(...statuses)).toBeLessThan(500)
})
