import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EMPTY, type StoredPatch } from '@/db/config-log'
import { serving } from '../../tests/support/configs'
import { freePort } from '../../tests/support/process'
import { Environment } from './environment'
import { hello } from './frames'
import type { Key } from './keys'
import { StreamHub } from './stream'

// Real sockets, and a clock that stands still: what arrives was not waited for.

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const key: Key = { id: 'srv_1', environmentId: 1, view: 'server', hash: '', origins: [], expiresAt: Infinity }

let server: Server
let hub: StreamHub
let environment: Environment
const sockets: Socket[] = []

beforeEach(async () => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  })
  hub = new StreamHub(() => {})
  const first = { ...EMPTY, epoch: 1, version: 1, hash: sha256(''), killedAt: '1.1.00000000' }
  environment = new Environment(1, 'shop/production', first)
  server = createServer().listen(await freePort(), '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  hub.close()
  for (const socket of sockets.splice(0)) socket.destroy()
  server.close()
  vi.useRealTimers()
})

/** Both ends of a reader's connection. */
async function joined(lastId?: string, of = key): Promise<{ near: Socket; far: Socket; text(): string }> {
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const address = server.address() as { port: number }
  const far = connect(address.port, '127.0.0.1').setEncoding('utf8')
  const [near] = await accepted
  sockets.push(near, far)
  hub.join(near, of, environment, lastId)
  let text = ''
  far.on('data', (chunk) => {
    text += chunk
  })
  return { near, far, text: () => text }
}

function publish(patch: Partial<StoredPatch>): string {
  const { version } = environment.head
  const stored = JSON.stringify({ flags: {}, segments: {}, browser: {}, ...patch })
  const row = { epoch: 1, version: version + 1, hash: sha256(stored), patch: stored, createdAt: new Date() }
  hub.step(environment, environment.advance(row))
  return environment.id
}

/** The patches among what was said. */
const patchesIn = (text: string) =>
  [...text.matchAll(/event: patch\nid: \S+\ndata: (.*)\n/g)].map((match) => JSON.parse(match[1]!))

/** Lets the sockets work while the clock stands still. */
async function arrives(check: () => boolean): Promise<void> {
  const began = process.hrtime.bigint()
  while (!check()) {
    if (process.hrtime.bigint() - began > 2_000_000_000n) throw new Error(`it did not come: ${check}`)
    await turn()
  }
}

describe('the fan-out', () => {
  it('sends the first change after a quiet time at once, and joins those that follow within 50 ms', async () => {
    const start = environment.id
    const { text } = await joined(start)
    const first = publish({ flags: { a: serving('1') } })
    publish({ flags: { a: serving('2') } })
    const last = publish({ flags: { b: serving('3') } })
    await arrives(() => patchesIn(text()).length === 1)
    expect(patchesIn(text())).toMatchObject([{ from: start, to: first }])
    vi.advanceTimersByTime(50)
    await arrives(() => patchesIn(text()).length === 2)
    expect(patchesIn(text())[1]).toMatchObject({
      from: first,
      to: last,
      flags: { a: { variants: { shown: '2' } }, b: { variants: { shown: '3' } } },
    })
  })

  it('does not let a kill wait, nor what it would have waited for', async () => {
    const { text } = await joined(environment.id)
    const first = publish({ flags: { a: serving('1') } })
    publish({ flags: { b: serving('2') } })
    const kill = publish({ killed: ['a'] })
    await arrives(() => patchesIn(text()).length === 2)
    expect(patchesIn(text())[1]).toMatchObject({ from: first, to: kill, killed: ['a'], flags: { b: {} } })
  })

  it('sends what waits before it lets a reader in, so that nobody hears of a version twice', async () => {
    const early = await joined(environment.id)
    publish({ flags: { a: serving('1') } })
    const last = publish({ flags: { a: serving('2') } })
    const late = await joined(last)
    await arrives(() => patchesIn(early.text()).length === 2)
    vi.advanceTimersByTime(1_000)
    const next = publish({ flags: { a: serving('3') } })
    await arrives(() => patchesIn(late.text()).length > 0)
    expect(patchesIn(late.text())).toMatchObject([{ from: last, to: next }])
  })

  it('cuts a reader that takes nothing, at the cost of one frame beyond 64 KB, and no other', async () => {
    const [stuck, other] = [await joined(environment.id), await joined(environment.id)]
    stuck.far.pause()
    let most = 0
    for (let i = 0; i < 2_000 && !stuck.near.destroyed; i++) {
      vi.advanceTimersByTime(50)
      publish({ flags: { a: serving('x'.repeat(30_000)) } })
      most = Math.max(most, stuck.near.writableLength)
      await turn()
    }
    expect(stuck.near.destroyed).toBe(true)
    expect(most).toBeGreaterThan(64 * 1024)
    expect(most).toBeLessThanOrEqual(96 * 1024)
    expect(hub.connected(1)).toBe(1)
    const last = environment.id
    await arrives(() => patchesIn(other.text()).at(-1)?.to === last)
  })

  it('sends nothing older to a reader that another node has brought further', async () => {
    const { text } = await joined('1.2.ffffffff')
    const next = publish({ flags: { a: serving('1') } })
    await arrives(() => patchesIn(text()).length > 0)
    expect(text()).not.toContain('event: put')
    expect(patchesIn(text())[0].to).toBe(next)
  })
})

describe('a goodbye', () => {
  it('is the last word to a reader, and hangs up on one that does not', async () => {
    const { near, far, text } = await joined(environment.id)
    const failed = vi.fn()
    near.on('error', failed)
    hub.revoke([key.id])
    publish({ flags: { a: serving('1') } })
    await once(far, 'end')
    expect(text()).toMatch(/event: bye\ndata: \{"retry":\d+,"reason":"revoked"\}\n\n$/)
    await arrives(() => near.destroyed)
    expect(failed).not.toHaveBeenCalled()
  })

  it('is said with the next heartbeat to a reader whose key has expired', async () => {
    const { text } = await joined(environment.id, { ...key, expiresAt: Date.now() + 5_000 })
    vi.advanceTimersByTime(4_000)
    expect(hub.connected(1)).toBe(1)
    vi.advanceTimersByTime(12_000)
    await arrives(() => text().includes('"reason":"max_age"'))
    expect(hub.connected(1)).toBe(0)
  })

  it('comes after what still waited', async () => {
    const { text, far } = await joined(environment.id)
    publish({ flags: { a: serving('1') } })
    const last = publish({ flags: { a: serving('2') } })
    hub.close()
    await once(far, 'end')
    expect(patchesIn(text()).at(-1).to).toBe(last)
    expect(text()).toContain('"reason":"draining"')
  })

  it('comes in waves where many are told, so that they do not all come back at once', async () => {
    const readers = []
    for (let i = 0; i < 250; i++) readers.push(await joined(environment.id))
    const closing = hub.close()
    expect(hub.connected(1)).toBe(150)
    await closing
    expect(hub.connected(1)).toBe(0)
    for (const { text } of readers) await arrives(() => text().includes('"reason":"draining"'))
  })
})

describe('a provider on a server', () => {
  const ackOf = (text: string) => JSON.parse(/event: hello\ndata: (.*)\n/.exec(text)![1]!).ack

  it('is told to come back later the more are open, since they may be lost together', async () => {
    const texts = Array.from({ length: 100 }, () => hello(environment, 'server', false, 10_000).toString())
    const waits = texts.map((text) => Number(/^retry: (\d+)\n/.exec(text)![1]))
    expect(Math.min(...waits)).toBeLessThan(3_000)
    expect(Math.max(...waits)).toBeGreaterThan(4_000)
    expect(Math.max(...waits)).toBeLessThan(6_000)
    const { text } = await joined()
    await arrives(() => text().includes('event: hello'))
    expect(Number(/^retry: (\d+)\n/m.exec(text())![1])).toBeLessThan(2_000)
  })

  it('is asked to say what it has applied, within a time that grows with how many are, up to 100; a browser is not', async () => {
    const first = await joined()
    await arrives(() => first.text().includes('event: hello'))
    expect(ackOf(first.text())).toBe(100)
    const page = await joined(undefined, { ...key, view: 'full' })
    await arrives(() => page.text().includes('event: hello'))
    expect(ackOf(page.text())).toBe(false)
    for (let i = 0; i < 48; i++) await joined(environment.id)
    const later = await joined()
    await arrives(() => later.text().includes('event: hello'))
    expect(ackOf(later.text())).toBe(500)
    for (let i = 0; i < 50; i++) await joined(environment.id)
    const late = await joined()
    await arrives(() => late.text().includes('event: hello'))
    expect([ackOf(late.text()), hub.asked(1), hub.size]).toEqual([false, 100, 102])
    first.far.destroy()
    await arrives(() => hub.asked(1) === 99)
    const next = await joined()
    await arrives(() => next.text().includes('event: hello'))
    expect(ackOf(next.text())).toBe(1_000)
  })
})
