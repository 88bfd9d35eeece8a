import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { together } from './together'

it('answers in order', async () => {
  expect(await together([turn(1), Promise.resolve(2)])).toEqual([1, 2])
})

it('fails only when nothing goes on any more', async () => {
  let rested = false
  const slow = (async () => {
    for (let i = 0; i < 10; i++) await turn()
    rested = true
  })()
  await expect(together([Promise.reject(new Error('first')), slow])).rejects.toThrow('first')
  expect(rested).toBe(true)
})
