import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Redis } from '@/lib/redis/port'
import { overTcp } from '@/lib/redis/tcp'
import { overRest } from '@/lib/redis/upstash'
import { until } from '../support/process'
import { type RedisServer, startRedis } from '../support/redis'
import { startRestBridge } from '../support/rest-bridge'

const token = randomBytes(16).toString('hex')
let server: RedisServer
let bridge: Awaited<ReturnType<typeof startRestBridge>>
const opened: Redis[] = []

beforeAll(async () => {
  server = await startRedis()
  bridge = await startRestBridge(server.url, token)
})
afterAll(async () => {
  for (const redis of opened) await redis.close()
  bridge?.close()
  await server?.remove()
})

function open(redis: Redis): Redis {
  opened.push(redis)
  return redis
}

const kinds = {
  'over TCP': () => open(overTcp(server.url)),
  'over REST': () => open(overRest(bridge.url, token)),
}

describe.each(Object.entries(kinds))('a Redis %s', (kind, begin) => {
  let redis: Redis
  const key = `test:${kind}`
  beforeAll(async () => {
    redis = begin()
    await until('it to answer', () =>
      redis.get('nothing').then(
        () => true,
        () => false,
      ),
    )
  })

  it('has nothing where nothing was kept', async () => {
    expect(await redis.get(`${key}:absent`)).toBeNull()
  })

  it('keeps the newest, in whichever order they come, for a week', async () => {
    expect(await redis.keepNewest(key, 2 ** 33 + 7, 'seven')).toBe(true)
    expect(await redis.keepNewest(key, 2 ** 33 + 6, 'six')).toBe(false)
    expect(await redis.keepNewest(key, 2 ** 33 + 7, 'seven again')).toBe(false)
    expect(await redis.get(key)).toBe('seven')
    expect(await redis.keepNewest(key, 2 ** 33 + 8, '{"n":8}')).toBe(true)
    expect(await redis.get(key)).toBe('{"n":8}')
    expect(Number((await server.say('TTL', key)).slice(1))).toBeGreaterThan(600_000)
  })

  it('runs a script, with numbers in its answer', async () => {
    const count = `return { redis.call('INCRBY', KEYS[1], ARGV[1]), 'taken' }`
    expect(await redis.run(count, [`${key}:count`], ['3'])).toEqual([3, 'taken'])
    expect(await redis.run(count, [`${key}:count`], ['4'])).toEqual([7, 'taken'])
    await expect(redis.run('this is no script', [], [])).rejects.toThrow()
  })

  it('passes messages on', async () => {
    await expect(redis.publish('test', 'hello')).resolves.toBeUndefined()
  })

  it('rejects within half a second where nobody answers', async () => {
    process.kill(server.program.child.pid!, 'SIGSTOP')
    try {
      const started = performance.now()
      await expect(redis.get(key)).rejects.toThrow()
      expect(performance.now() - started).toBeLessThan(500)
    } finally {
      process.kill(server.program.child.pid!, 'SIGCONT')
    }
  })
})

describe('messages', () => {
  it('reach whoever listens, also after the server was killed and came back', async () => {
    const listener = open(overTcp(server.url))
    const sender = open(overTcp(server.url))
    const heard: string[] = []
    expect(await listener.subscribe('news', (message) => heard.push(message))).toBe(true)
    const tell = (message: string) => async () => {
      await sender.publish('news', message).catch(() => {})
      return heard.includes(message)
    }
    await until('the first', tell('first'))
    await server.program.end('SIGKILL')
    await expect(sender.publish('news', 'lost')).rejects.toThrow()
    await server.startAgain()
    await until('the second', tell('second'), 10_000)
    expect(heard).not.toContain('lost')
  })

  it('do not come over REST: whoever wants them polls', async () => {
    expect(await open(overRest(bridge.url, token)).subscribe('news', () => {})).toBe(false)
  })
})
