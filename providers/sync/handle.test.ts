import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { WireFlag } from '../../lib/evaluation'
import { aFlag } from '../../tests/support/build-config'
import { configOf, patchOf, serving } from '../../tests/support/configs'
import { startCore } from '../../tests/support/provider-core'
import { ScriptedServer } from '../../tests/support/scripted-server'
import type { Counter } from './tally'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const german = aFlag({
  rules: [
    { id: 'r-de', when: { attribute: 'country', op: 'is_one_of', values: ['DE'] }, serve: { variant: 'on' } },
    { id: 'r-at', when: { attribute: 'country', op: 'is_one_of', values: ['AT'] }, serve: { variant: 'on' } },
  ],
  fallthrough: { variant: 'off' },
})
const recent = aFlag({
  rules: [
    {
      id: 'r-new',
      when: { attribute: 'since', op: 'within_last', values: ['1h'] },
      serve: { variant: 'off' },
    },
  ],
})
const flags: Record<string, WireFlag> = {
  banner: serving('hello'),
  german,
  recent,
  offToDefault: aFlag({ on: false, offVariant: null }),
  faulty: { ...aFlag(), salt: 7 as never },
}

async function start(options: Parameters<typeof startCore>[1] = {}) {
  const server = new ScriptedServer(configOf(1, flags))
  const started = await startCore(server, options)
  const publish = async (version: number, changed: Record<string, WireFlag | null>) => {
    server.stream.send('patch', patchOf(version - 1, version, changed))
    await started.clock.advance(0)
  }
  return { ...started, server, publish, counted: () => counted(server) }
}

/** What was sent, added up: `<flag> <variant> <reason or error> <count>`. */
function counted(server: ScriptedServer): string[] {
  const sums = new Map<string, number>()
  for (const { flag, variant, reason, errorCode, count } of server.told.flatMap(
    ({ body }) => body.counts as Counter[],
  )) {
    const name = `${flag} ${variant} ${errorCode ?? reason}`
    sums.set(name, (sums.get(name) ?? 0) + count)
  }
  return [...sums].map(([name, count]) => `${name} ${count}`).sort()
}

describe('counting', () => {
  it('is by variant and reason, in whatever order they come, and whichever rule decides', async () => {
    const { core, counted } = await start()
    for (const country of ['DE', 'FR', 'AT', 'FR', 'DE', 'DE', 'AT', 'US'])
      core.evaluate('german', false, { country })
    await core.close()
    expect(counted()).toEqual(['german off DEFAULT 3', 'german on TARGETING_MATCH 5'])
  })

  it('goes on over every batch and every publish, and loses nothing', async () => {
    const { core, clock, server, publish, counted } = await start()
    const handle = core.flag('german', false)
    for (let version = 2; version < 40; version++) {
      handle.value({ country: 'DE' })
      core.evaluate('german', false, { country: 'FR' })
      core.resolve('german', 'boolean', true, { country: 'FR' })
      if (version % 3 === 0) await publish(version / 3 + 1, { german: { ...german, version } })
      await clock.advance(10_000)
    }
    await core.close()
    expect(server.told.length).toBeGreaterThan(4)
    expect(counted()).toEqual(['german off DEFAULT 76', 'german on TARGETING_MATCH 38'])
  })

  it('knows what is no variant: errors by their code, and defaults', async () => {
    const { core, counted } = await start()
    core.evaluate('offToDefault', true, {})
    core.evaluate('banner', 7, {})
    core.evaluate('faulty', false, {})
    for (const key of ['typo', 'typo', 'toString']) core.evaluate(key, false, {})
    await core.close()
    expect(counted()).toEqual([
      'banner null TYPE_MISMATCH 1',
      'faulty null PARSE_ERROR 1',
      'offToDefault null DISABLED 1',
      'toString null FLAG_NOT_FOUND 1',
      'typo null FLAG_NOT_FOUND 2',
    ])
  })

  it('says CACHED where the answer did', async () => {
    const server = new ScriptedServer(configOf(1, flags))
    server.greets = false
    server.configReply = { status: 500 }
    const { core, clock } = await startCore(server, { bootstrap: configOf(1, flags) })
    expect(core.evaluate('banner', 'x', {})).toMatchObject({ reason: 'CACHED' })
    core.evaluate('typo', 'x', {})
    server.configReply = null
    server.hello()
    server.stream.send('put', server.config)
    await clock.advance(0)
    core.evaluate('banner', 'x', {})
    await core.close()
    expect(counted(server)).toEqual([
      'banner shown CACHED 1',
      'banner shown STATIC 1',
      'typo null FLAG_NOT_FOUND 1',
    ])
  })

  it('never throws for keys that are no strings, and counts none of them', async () => {
    const { core, counted } = await start()
    for (const key of [undefined, null, 7, 10n, Symbol('key'), {}, Object.create(null)] as never[])
      expect(core.evaluate(key, 'x', {}).value).toBe('x')
    await core.close()
    expect(counted()).toEqual([])
  })

  it('is off where the application says so', async () => {
    const { core, clock, server } = await start({ counts: false })
    core.evaluate('banner', 'x', {})
    core.track('purchase')
    await clock.advance(600_000)
    await core.close()
    expect(server.told).toEqual([])
  })

  it('begins again with the next session', async () => {
    const { core, clock, counted } = await start()
    core.evaluate('banner', 'x', {})
    await core.close()
    expect(core.evaluate('banner', 'x', {})).toMatchObject({ errorCode: 'PROVIDER_NOT_READY' })
    void core.initialize()
    await clock.advance(100)
    core.evaluate('banner', 'x', {})
    await core.close()
    expect(counted()).toEqual(['banner shown STATIC 2'])
  })
})

describe('a handle', () => {
  it('answers as evaluate does, and by the type of its default', async () => {
    const { core } = await start()
    const context = { country: 'DE' }
    for (const [key, fallback] of [
      ['german', false],
      ['german', 'text'],
      ['banner', 'x'],
      ['offToDefault', true],
      ['faulty', true],
      ['nowhere', 7],
    ] as const) {
      const handle = core.flag(key, fallback)
      expect(handle.evaluate(context)).toEqual(core.evaluate(key, fallback, context))
      expect(handle.value(context)).toBe(core.evaluate(key, fallback, context).value)
    }
    expect(core.flag('german', true).value()).toBe(false)
  })

  it('sees the next config at once, and a flag that was not there', async () => {
    const { core, publish } = await start()
    const [banner, later] = ['banner', 'later'].map((key) => core.flag(key, 'x'))
    expect([banner!.value(), later!.value()]).toEqual(['hello', 'x'])
    await publish(2, { banner: serving('two', 2), later: serving('here', 2) })
    expect([banner!.value(), later!.value()]).toEqual(['two', 'here'])
    await publish(3, { banner: null })
    expect(banner!.evaluate()).toMatchObject({ value: 'x', errorCode: 'FLAG_NOT_FOUND' })
  })

  it('may be taken before there is a config', async () => {
    const server = new ScriptedServer(configOf(1, flags))
    const { clock, core } = await startCore(server)
    await core.close()
    const handle = core.flag('banner', 'x')
    expect(handle.evaluate()).toMatchObject({ value: 'x', errorCode: 'PROVIDER_NOT_READY' })
    void core.initialize()
    await clock.advance(100)
    expect(handle.value()).toBe('hello')
  })
})

describe('a handle that nobody asks any more', () => {
  it('keeps no config alive, which would keep every later one alive', async () => {
    const { core, clock, publish } = await start()
    core.evaluate('german', false, {})
    const held = new WeakRef(core.session!.config!)
    await publish(2, { banner: serving('two', 2) })
    await clock.advance(1_000)
    expect(core.evaluate('banner', 'x', {}).value).toBe('two')
    collectGarbage()
    expect(held.deref()).toBeUndefined()
  })
})

describe('the clock', () => {
  it('is read for flags that need it, and for no others', async () => {
    const { core, clock } = await start()
    let reads = 0
    const { monotonic } = clock
    Object.assign(clock, {
      monotonic: () => {
        reads++
        return monotonic()
      },
    })
    core.evaluate('banner', 'x', {})
    core.evaluate('german', false, { country: 'DE' })
    reads = 0
    core.evaluate('banner', 'x', {})
    core.evaluate('german', false, { country: 'DE' })
    expect(reads).toBe(0)
    const since = Date.parse('2026-01-01T00:00:00Z') - 3_598_000
    expect(core.evaluate('recent', true, { since }).value).toBe(false)
    expect(reads).toBeGreaterThan(0)
    await clock.advance(5_000)
    expect(core.evaluate('recent', true, { since }).value).toBe(true)
  })
})
