import { createHash } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EMPTY, type StoredPatch } from '@/db/config-log'
import { serving } from '../../../tests/support/configs'
import { Environment } from '../environment'
import type { Key } from '../keys'
import { FlagdStreams } from './streams'
import { CODES, type Refusal } from './wire'

// When what is sent, on a clock that stands still; tests/frameworks/flagd.test.ts has the same over gRPC.

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const key: Key = { id: 'srv_1', environmentId: 1, view: 'server', hash: '', origins: [], expiresAt: Infinity }

let streams: FlagdStreams
let environment: Environment
beforeEach(() => {
  vi.useFakeTimers()
  streams = new FlagdStreams()
  const first = { ...EMPTY, epoch: 1, version: 1, hash: sha256(''), killedAt: '1.1.00000000' }
  environment = new Environment(1, 'shop/production', first)
})
afterEach(() => {
  streams.close()
  vi.useRealTimers()
})

/** The server's end of a call whose client takes a message when `take` is called. */
class Taking extends EventEmitter {
  readonly got: { version: string; flags: string[] }[] = []
  readonly ends: Refusal[] = []
  private waiting: (() => void)[] = []

  constructor(readonly isSlow = false) {
    super()
    this.on('error', (end: Refusal) => this.ends.push(end))
  }

  write(message: Buffer, taken: () => void): boolean {
    const { metadata, flags } = JSON.parse(message.toString('utf8').replace(/^[^{]*/, ''))
    this.got.push({ version: metadata.version, flags: Object.keys(flags) })
    if (this.isSlow) this.waiting.push(taken)
    else queueMicrotask(taken)
    return true
  }

  take(): void {
    for (const taken of this.waiting.splice(0)) taken()
  }

  versions = () => this.got.map(({ version }) => version)
}

function joined(call = new Taking(), of = key): Taking {
  streams.join(call, of, environment)
  return call
}

async function publish(patch: Partial<StoredPatch>): Promise<string> {
  const { version } = environment.head
  const stored = JSON.stringify({ flags: {}, segments: {}, browser: {}, ...patch })
  const row = { epoch: 1, version: version + 1, hash: sha256(stored), patch: stored, createdAt: new Date() }
  streams.step(environment, environment.advance(row))
  await Promise.resolve()
  return environment.id
}

describe('a stream', () => {
  it('has the whole definition at first, and after each change', async () => {
    const start = environment.id
    const call = joined()
    await Promise.resolve()
    const id = await publish({ flags: { a: serving('1') } })
    expect(call.got).toEqual([
      { version: start, flags: [] },
      { version: id, flags: ['a'] },
    ])
  })

  it('has a burst of changes once, and a kill at once', async () => {
    const call = joined()
    await Promise.resolve()
    const first = await publish({ flags: { a: serving('1') } })
    await publish({ flags: { a: serving('2') } })
    const third = await publish({ flags: { a: serving('3') } })
    expect(call.versions().slice(1)).toEqual([first])
    vi.advanceTimersByTime(200)
    await Promise.resolve()
    expect(call.versions().slice(1)).toEqual([first, third])
    await publish({ flags: { a: serving('4') } })
    const kill = await publish({ killed: ['a'] })
    expect(call.versions().at(-1)).toBe(kill)
    vi.advanceTimersByTime(1_000)
    expect(call.versions().slice(1)).toEqual([first, third, kill])
  })

  it('waits longer where a definition takes long to write, but for a kill', async () => {
    const call = joined()
    await Promise.resolve()
    const clock = vi.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValueOnce(100)
    const first = await publish({ flags: { a: serving('1') } })
    clock.mockRestore()
    await publish({ flags: { a: serving('2') } })
    vi.advanceTimersByTime(899)
    expect(call.versions().at(-1)).toBe(first)
    vi.advanceTimersByTime(1)
    expect(call.versions().at(-1)).toBe(environment.id)
    await Promise.resolve()
    const kill = await publish({ killed: ['a'] })
    expect(call.versions().at(-1)).toBe(kill)
  })

  it('that does not take what it is sent has the newest once it does, and holds up no other', async () => {
    const [slow, other] = [joined(new Taking(true)), joined()]
    for (const value of ['1', '2', '3']) {
      vi.advanceTimersByTime(200)
      await publish({ flags: { a: serving(value) } })
    }
    expect([slow.got.length, other.got.length]).toEqual([1, 4])
    slow.take()
    expect(slow.versions().slice(1)).toEqual([environment.id])
  })

  it('is sent nothing more once it has gone', async () => {
    const call = joined()
    call.emit('cancelled')
    await publish({ flags: { a: serving('1') } })
    expect(call.got.length).toBe(1)
  })
})

describe('a stream ends with an error, which clients come back from,', () => {
  it('when its key is revoked or expires, and no other does', () => {
    const calls = ['a', 'b', 'c'].map((id) =>
      joined(new Taking(), { ...key, id, expiresAt: id === 'b' ? Date.now() + 5_000 : Infinity }),
    )
    streams.revoked(['a'])
    vi.advanceTimersByTime(10_000)
    expect(calls.map(({ ends }) => ends.map(({ code, details }) => [code, details]))).toEqual([
      [[CODES.UNAUTHENTICATED, 'this key was revoked']],
      [[CODES.UNAUTHENTICATED, 'this key has expired']],
      [],
    ])
  })

  it('when its environment is removed, when this process ends, and when there are too many', () => {
    const gone = joined()
    streams.removed(environment)
    const calls = Array.from({ length: 1_001 }, () => joined())
    expect(calls.map(({ ends }) => ends.length).filter((count) => count > 0)).toEqual([1])
    streams.close()
    expect([gone, calls.at(-1)!, calls[0]!].map(({ ends }) => ends.map(({ code }) => code))).toEqual([
      [CODES.NOT_FOUND],
      [CODES.RESOURCE_EXHAUSTED],
      [CODES.UNAVAILABLE],
    ])
  })
})
