import { expect, it } from 'vitest'
import { configOf, serving } from '../../tests/support/configs'
import { heldBy, shop, shownBy, startSession } from '../../tests/support/sync-harness'

const bootstrap = configOf(1, { banner: serving('from the page') })

it('offline, a session is ready from its bootstrap, asks nobody and holds no timer', async () => {
  const { clock, server, session, said } = startSession({ bootstrap, offline: true }, shop(9))
  expect(await session.initialized).toBeNull()
  await clock.advance(3_600_000)
  expect(shownBy(heldBy(session))).toBe('from the page')
  expect([server.asked, said, clock.timers]).toEqual([[], [], 0])
})

it('offline, the last known good config serves where there is no bootstrap', async () => {
  const lastKnownGood = { load: () => JSON.stringify(bootstrap), save: () => {} }
  const { clock, session } = startSession({ lastKnownGood, offline: true })
  await clock.advance(0)
  expect(await session.initialized).toBeNull()
  expect(shownBy(heldBy(session))).toBe('from the page')
})

it('offline, with nothing to start from, it says so at once', async () => {
  const { clock, session, server } = startSession({ offline: true })
  await clock.advance(0)
  expect(await session.initialized).toEqual({
    fatal: false,
    message: 'it is offline, and has nothing to start from',
  })
  expect(server.asked).toEqual([])
})
