import { setTimeout as sleep } from 'node:timers/promises'
import { JackstaffProvider } from '@jackstaff/openfeature-server'
import { describe, expect, it } from 'vitest'
import { bye, frame, patchFrame } from '@/lib/delivery/frames'
import { type Config, compareIds } from '@/lib/evaluation'
import { endpointAt } from '../../providers/sync/endpoint'
import type { Replica } from '../../providers/sync/replica'
import { liveResidual } from '../../providers/web/src/live-residual'
import { ResidualReplica } from '../../providers/web/src/residual-replica'
import { cutAfter } from '../support/cable'
import { configOf, idOf, patchOf, serving } from '../support/configs'
import { figure } from '../support/figure'
import { seedShop, startJackstaff } from '../support/jackstaff'
import { until } from '../support/process'
import { ScriptedServer } from '../support/scripted-server'
import { silentPublisher } from '../support/silent-publisher'
import { startSession } from '../support/sync-harness'

// A stream that breaks, or is torn in two, at each of its bytes: whoever reads it ends with the right config, and never holds
// one that was not published.

const LAST = 5
const CUTS = 50
const KILLED_IN = 4

/** Two flags that are always of one version; letters outside ASCII, so that a cut may fall into one. */
function versionOf(version: number): Config {
  const flags = {
    banner: serving(`größer ${version} 🚩`, version),
    title: serving(`größer ${version} 🚩`, version),
  }
  const kills = version < KILLED_IN ? {} : { killed: ['off'], killedAt: idOf(KILLED_IN) }
  return configOf(version, { ...flags, off: serving('alive') }, kills)
}

const greeting = frame('hello', {
  id: idOf(1),
  oldest: idOf(1),
  time: Date.parse('2026-01-01T00:00:00Z'),
  heartbeat: 10_000,
  maxAge: 3_600_000,
  ack: 100,
})

function step(to: number): Buffer {
  const { flags, killed, killedAt } = versionOf(to)
  const { off: _, ...changed } = flags
  return patchFrame([patchOf(to - 1, to, changed, { killed, killedAt })])!
}

const whole = frame('put', versionOf(1), idOf(1))
const steps = Array.from({ length: LAST - 1 }, (_, i) => step(i + 2))
const changes = Array.from({ length: LAST - 1 }, (_, i) => {
  const { id, killed, killedAt } = versionOf(i + 2)
  return frame('changed', { id, keys: ['banner', 'title'], killed, killedAt, spread: 0 })
})
const recorded = {
  full: Buffer.concat([
    Buffer.from('retry: 1500\n'),
    greeting,
    whole,
    ...steps,
    Buffer.from(':\n\n'),
    bye('draining', 1),
  ]),
  residual: Buffer.concat([
    Buffer.from('retry: 1500\n'),
    greeting,
    ...changes,
    Buffer.from(':\n\n'),
    bye('draining', 1),
  ]),
}
type Kind = keyof typeof recorded

const replicas: Record<Kind, () => { replica?: Replica }> = {
  full: () => ({}),
  residual: () => ({
    replica: liveResidual(new ResidualReplica({ targetingKey: 'ana' }, async () => {})),
  }),
}

/** A session that holds version 1 and has a stream on which nothing was said yet; versions have moved on. */
async function open(kind: Kind) {
  const server = new ScriptedServer(versionOf(1))
  server.greets = false
  const started = startSession(
    {
      ...replicas[kind](),
      endpoint: endpointAt({
        url: 'http://flags.test/',
        headers: {},
        query: kind === 'residual' ? { mode: 'residual' } : {},
        cache: 'no-store',
        fetch: server.fetch,
      }),
    },
    server,
  )
  const { session: sync } = started
  await started.clock.advance(3_000) // a residual is asked for a little later
  expect(sync.config?.id).toBe(idOf(1))
  server.greets = true
  server.config = versionOf(LAST)
  let highest = ''
  const shown = (flag: string) => {
    const { value } = sync.replica!.resolve(flag, 'string', 'default' as string, { targetingKey: 'ana' }, 0)
    return value
  }
  /** What is held now is a version that was published, as a whole, and none older than what was held before. */
  const look = () => {
    const { id } = sync.config!
    expect(compareIds(id, highest)).toBeGreaterThanOrEqual(0)
    highest = id
    const version = Number(id.split('.')[1])
    expect([shown('banner'), shown('title')]).toEqual([`größer ${version} 🚩`, `größer ${version} 🚩`])
    if (version >= KILLED_IN) expect(shown('off')).toBe('off')
    return version
  }
  return { ...started, look }
}

describe.each(['full', 'residual'] as const)('a stream of %s configs', (kind) => {
  const bytes = recorded[kind]

  it('is made good when it is cut, at whichever byte', async () => {
    const reached = new Set<number>()
    for (let at = 0; at <= bytes.length; at++) {
      const { server, clock, session, look } = await open(kind)
      server.stream.writeBytes(bytes.subarray(0, at))
      await clock.advance(1)
      reached.add(look())
      server.stream.cut()
      for (let second = 0; second < 5; second++) {
        await clock.advance(1_000)
        look()
      }
      expect([look(), session.status], `cut at ${at}`).toEqual([LAST, 'ready'])
      session.close()
    }
    figure(
      'frame-cut',
      `providers of ${kind} configs that hold a wrong one, cut at each of ${bytes.length} bytes`,
      0,
    )
    console.log(`${kind}: cut at each of ${bytes.length} bytes; versions held at the cut: ${[...reached]}`)
    expect(reached.size).toBe(kind === 'full' ? LAST : 2)
  }, 120_000)

  it('says the same when it comes in two pieces, whichever', async () => {
    for (let at = 1; at < bytes.length; at++) {
      const { server, clock, session, look } = await open(kind)
      server.stream.writeBytes(bytes.subarray(0, at))
      await clock.advance(1)
      look()
      server.stream.writeBytes(bytes.subarray(at))
      await clock.advance(1)
      expect([look(), server.streams.length, server.open], `torn at ${at}`).toEqual([LAST, 1, 0])
      session.close()
    }
  }, 120_000)
})

describe('connections to a real server that break after so many bytes', () => {
  it(`leave ${CUTS} providers with what is published, and nothing else on the way`, async () => {
    const jackstaff = await startJackstaff()
    const { serverKey } = await seedShop(jackstaff)
    const publisher = await silentPublisher(jackstaff.databaseUrl, 'production')
    let version = 0
    const publish = async () => {
      const flag = { ...serving(String(++version)), version }
      await publisher.publish({
        flags: { banner: flag, title: flag },
        browser: { banner: true, title: true },
      })
      await publisher.notify()
    }
    await publish()
    // Heads, greetings, configs and patches of streams, and answers with configs: all begin within these.
    const proxy = await cutAfter(
      jackstaff.url,
      Array.from({ length: 3 * CUTS }, (_, i) => 1 + i * 13),
    )
    const providers = Array.from(
      { length: CUTS },
      () => new JackstaffProvider({ url: proxy.url, key: serverKey, pollIntervalMs: 2_000 }),
    )
    const highest = new Map<JackstaffProvider, number>()
    const look = () => {
      for (const provider of providers) {
        const [banner, title] = ['banner', 'title'].map((key) => provider.evaluate(key, '0', {}).value)
        expect(banner).toBe(title)
        expect(Number(banner)).toBeGreaterThanOrEqual(highest.get(provider) ?? 0)
        highest.set(provider, Number(banner))
      }
      return [...highest.values()]
    }
    for (const provider of providers) provider.initialize().catch(() => {})
    const began = performance.now()
    while (proxy.left() > 0 && performance.now() - began < 30_000) {
      await publish()
      await sleep(50)
      look()
    }
    const ended = performance.now()
    expect(proxy.left()).toBe(0)
    await until('everyone to hold the last version', () => look().every((held) => held === version), 35_000)
    console.log(
      `${3 * CUTS} connections of ${CUTS} providers were cut while ${version} versions were published; ` +
        `${Math.round(performance.now() - ended)} ms after the last cut all held the last`,
    )
    for (const provider of providers) await provider.onClose()
    proxy.close()
    await publisher.close()
    await jackstaff.stop()
  }, 120_000)
})
