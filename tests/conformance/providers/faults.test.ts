import { afterEach, describe, expect, it } from 'vitest'
import { TroubledServer } from '../../support/random-faults'
import { sidesAndResiduals } from '../../support/sides'
import { shop } from '../../support/sync-harness'
import { MINUTE, SECOND, startVirtual } from '../../support/virtual-provider'

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed + 1)
const STEP = 5 * SECOND
const MOST_IN_A_MINUTE = 40 // of requests; streams and polls together, when everything fails at once
const LIFECYCLE = ['READY', 'STALE', 'ERROR']

describe.each(sidesAndResiduals)('P28: the $side provider', (side) => {
  afterEach(side.close)

  it.each(SEEDS)('lives through an hour of faults, seed %i', async (seed) => {
    const violations: string[] = []
    const server = shop()
    const trouble = new TroubledServer(server)
    const { clock, ask, requests, heard, names, status } = startVirtual(side, {}, server, seed)
    let highest = [0, 0]
    let seenFlips = 0
    let seenSwitch: unknown = 'alive'
    let faults = 0

    async function look(): Promise<void> {
      const at = `${clock.monotonic() / SECOND} s`
      const banner = await ask('String', 'banner', 'the default')
      const other = await ask('String', 'switch', 'the default')
      const number = await ask('Number', 'banner', 7)
      if (number.value !== 7) violations.push(`${at}: a wrong type: ${number.value}`)
      const [epoch = Number.NaN, version = Number.NaN] = String(banner.value).split('.').map(Number)
      const isBack = epoch < highest[0]! || (epoch === highest[0] && version < highest[1]!)
      if (Number.isNaN(version)) violations.push(`${at}: the banner is ${banner.value}, ${banner.errorCode}`)
      else if (isBack) violations.push(`${at}: back from ${highest} to ${banner.value}`)
      highest = [epoch, version]
      if (!['alive', 'off'].includes(other.value as string))
        violations.push(`${at}: the switch is ${other.value}`)
      if (other.value !== seenSwitch) seenFlips++
      seenSwitch = other.value
      if (seenFlips > trouble.flips) violations.push(`${at}: a kill came or went that nobody made`)
      const lately = requests.filter((request) => request.at > clock.monotonic() - MINUTE).length
      if (lately > MOST_IN_A_MINUTE) violations.push(`${at}: ${lately} requests in a minute`)
      if (server.mostOpen > 1) violations.push(`${at}: ${server.mostOpen} streams at once`)
    }

    await clock.advance(SECOND)
    while (clock.monotonic() < 60 * MINUTE) {
      if (clock.random() < 0.1) trouble.mend()
      if (clock.random() < 0.2) {
        trouble.breakSomething(clock)
        faults++
      }
      if (clock.random() < 0.2) trouble.publish()
      if (clock.random() < 0.05) trouble.flip()
      if (clock.random() < 0.005) trouble.restore()
      await clock.advance(STEP)
      await look()
    }

    trouble.mend()
    await clock.advance(3 * MINUTE)
    await look()
    const { value } = await ask('String', 'banner', 'the default')
    if (status() !== 'READY') violations.push(`in the end it is ${status()}`)
    if (value !== `${trouble.epoch}.${trouble.version}`) violations.push(`in the end it serves ${value}`)
    const lifecycle = names().filter((event) => LIFECYCLE.includes(event))
    for (const [i, event] of lifecycle.entries())
      if (event === lifecycle[i + 1]) violations.push(`${event} is said twice in a row`)
    for (const { event, flagsChanged } of heard)
      if (event === 'CONFIGURATION_CHANGED' && !flagsChanged?.length) violations.push('a change of nothing')

    console.log(
      `${side.side}, seed ${seed}: ${faults} faults, ${requests.length} requests, ${server.streams.length} streams, ${lifecycle.length} changes of status, at ${value}`,
    )
    for (const violation of violations) console.log(`seed ${seed}: ${violation}`)
    expect(violations, `seed ${seed}`).toEqual([])
    expect(faults).toBeGreaterThan(90)
  })
})
