import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EMPTY, type StoredPatch } from '@/db/config-log'
import { aFlag } from '../../../tests/support/build-config'
import { serving } from '../../../tests/support/configs'
import { isOfrep } from '../../../tests/support/ofrep-schema'
import { freePort } from '../../../tests/support/process'
import { Environment } from '../environment'
import type { Key } from '../keys'
import { OfrepListeners } from './listeners'

// Real sockets, and a clock that stands still: what arrives was not waited for.

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const browser: Key = {
  id: 'cli_1',
  environmentId: 1,
  view: 'residual',
  hash: '',
  origins: [],
  expiresAt: Infinity,
}
const trusted: Key = { ...browser, id: 'srv_1', view: 'server' }

let server: Server
let listeners: OfrepListeners
let environment: Environment
const sockets: Socket[] = []

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] })
  listeners = new OfrepListeners()
  const first = { ...EMPTY, epoch: 1, version: 1, hash: sha256(''), killedAt: '1.1.00000000' }
  environment = new Environment(1, 'shop/production', first)
  server = createServer().listen(await freePort(), '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  listeners.close()
  for (const socket of sockets.splice(0)) socket.destroy()
  server.close()
  vi.useRealTimers()
})

type Message = { id: string; type: string; etag: string }

/** A listener's connection, and what it was told. */
async function joined(lastId: string | undefined = environment.id, key = browser) {
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const far = connect((server.address() as { port: number }).port, '127.0.0.1').setEncoding('utf8')
  const [near] = await accepted
  sockets.push(near, far)
  let text = ''
  far.on('data', (chunk) => {
    text += chunk
  })
  listeners.join(near, key, environment, lastId)
  const told = (): Message[] =>
    [...text.matchAll(/id: (\S+)\ndata: (.*)\n\n/g)].map(([, id, data]) => ({
      id: id!,
      ...JSON.parse(data!),
    }))
  return { near, far, told, text: () => text }
}

/** Lets the sockets work while the clock stands still. */
async function arrives(check: () => boolean): Promise<void> {
  const deadline = performance.now() + 2_000
  while (!check()) {
    if (performance.now() > deadline) throw new Error(`it did not come: ${check}`)
    await turn()
  }
}

function publish(patch: Partial<StoredPatch>): string {
  const { version } = environment.head
  const stored = JSON.stringify({ flags: {}, segments: {}, browser: {}, ...patch })
  const row = { epoch: 1, version: version + 1, hash: sha256(stored), patch: stored, createdAt: new Date() }
  listeners.step(environment, environment.advance(row))
  return environment.id
}

const shown = (value: string) => ({ flags: { a: serving(value) }, browser: { a: true } })

describe('word of a change', () => {
  it('is a message as OFREP has it, and says which version to ask for', async () => {
    const { told, text } = await joined()
    const id = publish(shown('1'))
    await arrives(() => told().length === 1)
    expect(told()).toEqual([{ id, type: 'refetchEvaluation', etag: id }])
    expect(text()).not.toContain('event:')
    const { id: _, ...data } = told()[0]!
    expect(isOfrep('sseEventData', data)).toBe(true)
  })

  it('comes at once, and once for all that follow within 100 ms', async () => {
    const { told } = await joined()
    const first = publish(shown('1'))
    publish(shown('2'))
    const last = publish({ killed: ['a'] })
    await arrives(() => told().length === 1)
    expect(told()[0]!.id).toBe(first)
    vi.advanceTimersByTime(100)
    await arrives(() => told().length === 2)
    expect(told()[1]!.id).toBe(last)
    vi.advanceTimersByTime(1_000)
    const next = publish(shown('3'))
    await arrives(() => told().length === 3)
    expect(told()[2]!.id).toBe(next)
  })

  it('does not come to browsers that do not see what changed', async () => {
    const [client, secret] = [await joined(), await joined(environment.id, trusted)]
    const hidden = publish({ flags: { b: serving('1') } })
    vi.advanceTimersByTime(100)
    const seen = publish(shown('1'))
    await arrives(() => client.told().length > 0 && secret.told().length === 2)
    expect(client.told().map(({ id }) => id)).toEqual([seen])
    expect(secret.told().map(({ id }) => id)).toEqual([hidden, seen])
  })

  it('reaches a crowd 50 at a time', async () => {
    const crowd: Awaited<ReturnType<typeof joined>>[] = []
    while (crowd.length < 120) crowd.push(await joined())
    const count = () => crowd.filter(({ told }) => told().length === 1).length
    publish(shown('1'))
    for (const reached of [50, 100, 120]) {
      await arrives(() => count() >= reached)
      await turn()
      expect(count()).toBe(reached)
      vi.advanceTimersByTime(100)
    }
  })

  it('comes when a window of a flag that they see opens, though no version did', async () => {
    const at = (ms: number) => new Date(Date.now() + ms).toISOString()
    const rule = { id: 'launch', from: at(60_000), when: { all: [] }, serve: { variant: 'off' } }
    const unseen = { ...rule, from: at(59_900) }
    const flags = { a: aFlag({ rules: [rule] as never }), b: aFlag({ rules: [unseen] as never }) }
    const id = publish({ flags, browser: { a: true } })
    const { told } = await joined(id)
    await arrives(() => told().length === 1)
    vi.advanceTimersByTime(59_000)
    await turn()
    expect(told().length).toBe(1)
    vi.advanceTimersByTime(2_000)
    await arrives(() => told().length === 2)
    vi.advanceTimersByTime(10_000)
    await turn()
    expect(told().map((message) => message.etag)).toEqual([id, id])
  })

  it('comes when the whole state was replaced', async () => {
    const { told } = await joined()
    environment.reset({ ...environment.state(), epoch: 2 })
    listeners.reset(environment)
    await arrives(() => told().length === 1)
    expect(told()[0]!.etag).toBe(environment.id)
  })
})

describe('whoever opens a stream', () => {
  it('is told to ask again unless it holds what this node does, or newer', async () => {
    const id = publish(shown('1'))
    const [fresh, old] = [await joined(''), await joined('1.1.00000000')]
    const [same, ahead] = [await joined(id), await joined('1.9.ffffffff')]
    await arrives(() => [fresh, old].every(({ told }) => told()[0]?.id === id))
    await arrives(() => [same, ahead].every(({ text }) => /^retry: \d{4}\n\n$/.test(text())))
  })

  it('hears a heartbeat every 15 s, and is let go with one when its key has expired', async () => {
    const [lasting, expiring] = [
      await joined(),
      await joined(environment.id, { ...browser, expiresAt: Date.now() + 5_000 }),
    ]
    vi.advanceTimersByTime(16_000)
    await arrives(() => lasting.text().endsWith(':\n\n'))
    if (!expiring.far.readableEnded) await once(expiring.far, 'end')
    expect(lasting.far.readableEnded).toBe(false)
  })

  it('is let go when its key is revoked or its environment removed, and no other', async () => {
    const [one, other] = [await joined(), await joined(environment.id, trusted)]
    listeners.revoked([browser.id])
    await once(one.far, 'end')
    const id = publish(shown('1'))
    await arrives(() => other.told().at(-1)?.id === id)
    expect(one.told()).toEqual([])
    listeners.removed(environment)
    await once(other.far, 'end')
  })
})
