import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { breaker } from './breaker'
import { metrics } from './metrics/metrics'

const state = async (name: string) =>
  (await metrics().breakerState.get()).values.find(({ labels }) => labels.name === name)?.value

describe('a breaker', () => {
  it('leaves alone what fails five times on end, and tries once a second whether it is back', async () => {
    const guarded = breaker('test')
    let asked = 0
    let works = false
    const ask = () =>
      guarded.execute(async () => {
        asked++
        if (!works) throw new Error('away')
        return 'here'
      })
    expect(await state('test')).toBe(0)
    for (let i = 0; i < 20; i++) await expect(ask()).rejects.toThrow()
    expect([asked, await state('test')]).toEqual([5, 2])

    works = true
    await sleep(1_100)
    expect(await ask()).toBe('here')
    expect([asked, await state('test')]).toEqual([6, 0])
  })

  it('is not opened by failures that are not on end', async () => {
    const guarded = breaker('flaky')
    for (let i = 0; i < 20; i++) {
      const answer = guarded.execute(() =>
        i % 4 === 0 ? Promise.resolve() : Promise.reject(new Error('no')),
      )
      await answer.catch(() => {})
    }
    expect(await state('flaky')).toBe(0)
  })
})
