import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { loopDelay } from './loop-delay'

function hold(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

it('grows while turns of the loop are long, and is forgotten after', async () => {
  loopDelay()
  for (let i = 0; i < 6; i++) {
    hold(200)
    await sleep(1)
  }
  const late = loopDelay()
  expect(late).toBeGreaterThan(50)
  while (loopDelay() > late / 4) await sleep(20)
})
