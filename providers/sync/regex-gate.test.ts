import { describe, expect, it } from 'vitest'
import { configOf } from '../../tests/support/configs'
import { matching } from '../../tests/support/patterns'
import { ScriptedServer } from '../../tests/support/scripted-server'
import { heldBy, startSession } from '../../tests/support/sync-harness'
import { settle, VirtualClock } from '../../tests/support/virtual-clock'
import { RegexGate } from './regex-gate'

// Nothing here loads the engine: what waits for it and what becomes of flags without it can be told apart.

const NEEDS = JSON.stringify(configOf(1, { picky: matching('x') }))
const PLAIN = JSON.stringify(configOf(1))

function gateWith(load: () => Promise<void>) {
  const clock = new VirtualClock()
  const warnings: string[] = []
  return { clock, warnings, gate: new RegexGate(clock, load, (message) => warnings.push(message)) }
}

describe('RegexGate', () => {
  it('lets in what mentions no pattern, and loads nothing for it', async () => {
    let loads = 0
    const { gate } = gateWith(async () => {
      loads++
    })
    expect(gate.admits(PLAIN)).toBe(true)
    await gate.waitFor(PLAIN)
    expect(loads).toBe(0)
    expect(gate.admits(NEEDS)).toBe(false)
  })

  it('opens for good once the engine is loaded', async () => {
    let loads = 0
    const { gate, clock, warnings } = gateWith(async () => {
      loads++
    })
    await gate.waitFor(NEEDS)
    await gate.waitFor(NEEDS)
    expect([gate.admits(NEEDS), loads, clock.timers, warnings]).toEqual([true, 1, 0, []])
  })

  it('opens after a failure too, warns once, and tries again with the next config', async () => {
    let loads = 0
    const { gate, warnings } = gateWith(async () => {
      if (++loads < 3) throw new Error('no such file')
    })
    await gate.waitFor(NEEDS)
    expect(gate.admits(NEEDS)).toBe(true)
    await gate.waitFor(NEEDS)
    await gate.waitFor(NEEDS)
    await gate.waitFor(NEEDS)
    expect(loads).toBe(3)
    expect(warnings).toEqual(['flags with regular expressions serve their defaults: no such file'])
  })

  it('waits ten seconds and no longer', async () => {
    const { gate, clock, warnings } = gateWith(() => new Promise(() => {}))
    let waited = false
    void gate.waitFor(NEEDS).then(() => {
      waited = true
    })
    await clock.advance(9_999)
    expect(waited).toBe(false)
    await clock.advance(1)
    await settle()
    expect(waited).toBe(true)
    expect(warnings[0]).toContain('did not load within 10000 ms')
  })
})

it('a session without its regular expressions is ready all the same, and only flags with patterns fail', async () => {
  const server = new ScriptedServer(configOf(1, { picky: matching('x'), plain: matching() }))
  const loadRegex = () => Promise.reject(new Error('offline'))
  const { clock, session, warnings } = startSession({ loadRegex }, server)
  await clock.advance(100)
  expect(await session.initialized).toBeNull()
  expect(Object.keys(heldBy(session)!.malformed())).toEqual(['picky'])
  expect(heldBy(session)!.malformed().picky).toContain('the regular expression engine is not loaded')
  expect(warnings).toEqual(['flags with regular expressions serve their defaults: offline'])
})
