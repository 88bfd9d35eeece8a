import { expect, it } from 'vitest'
import { compareIds } from '../../lib/evaluation'
import { configOf, idOf, patchOf, serving } from '../../tests/support/configs'
import { figure } from '../../tests/support/figure'
import { inForm } from '../../tests/support/long-form'
import { heldBy, shop, shownBy, startSession } from '../../tests/support/sync-harness'

const MINUTE = 60_000
const SEEDS = Array.from({ length: inForm(20, 1_000) }, (_, seed) => seed + 1)

/** What can go wrong in a minute; each leaves the server as broken as it says. */
const faults: ((session: ReturnType<typeof startSession>, chance: () => number) => void)[] = [
  ({ server }) => server.stream?.cut(),
  ({ server }) => server.stream?.end(),
  ({ server }) => {
    server.down = true
  },
  ({ server }) => {
    server.streamReply = { status: 503, headers: { 'retry-after': '7' } }
  },
  ({ server }) => {
    server.configReply = { status: 200, body: '{"schema":' }
  },
  ({ server }) => {
    server.configReply = { status: 200, body: { ...server.config, flags: 'none' } }
  },
  ({ server }) => {
    server.greets = false
  },
  ({ server }, chance) => server.stream?.write(`event: patch\ndata: ${chance()}\n\nevent: put\nda`),
  ({ server }) => server.stream?.send('put', configOf(0, { banner: serving('ancient') })),
  ({ server }) => server.stream?.send('put', configOf(9_999, {}, { id: idOf(9_999, 0) })),
  ({ server }) => server.stream?.send('patch', patchOf(7_000, 7_001, {}, { killed: ['banner'] })),
  ({ server }) => server.stream?.send('resync', { ...server.config, spread: 5_000 }),
  ({ server }) => server.stream?.send('bye', { retry: 1_000, reason: 'max age' }),
  ({ server }, chance) => {
    server.time += (chance() - 0.5) * 1e9
  },
]

function mend({ server }: ReturnType<typeof startSession>): void {
  server.down = false
  server.greets = true
  server.streamReply = null
  server.configReply = null
}

it.each(SEEDS)(
  'an hour of faults, seed %i: never back, never wrong, never too loud, and well in the end',
  async (seed) => {
    const session = startSession({}, shop(), seed)
    const { clock, server, said } = session
    const sync = session.session
    let highest = ''
    session.beat()
    await clock.advance(1_000)

    for (let minute = 1; minute <= 60; minute++) {
      if (clock.random() < 0.3) mend(session)
      faults[Math.floor(clock.random() * faults.length)]!(session, clock.random)
      if (clock.random() < 0.5) {
        const from = Number(server.config.id.split('.')[1])
        server.config = configOf(from + 1, { banner: serving(`v${from + 1}`) })
        if (server.open)
          // whoever has a stream is told: nothing is lost on one that lives
          server.stream.send('patch', patchOf(from, from + 1, server.config.flags))
      }
      const asked = server.asked.length
      await clock.advance(MINUTE)
      expect(server.asked.length - asked).toBeLessThan(60)
      expect(server.open).toBeLessThanOrEqual(1)
      expect(shownBy(heldBy(sync))).toMatch(/^(hello|v\d+)$/)
      expect(compareIds(sync.config!.id, highest)).toBeGreaterThanOrEqual(0)
      highest = sync.config!.id
    }

    mend(session)
    await clock.advance(2 * MINUTE)
    expect(sync.status).toBe('ready')
    expect(sync.config?.id).toBe(server.config.id)
    const statuses = said.flatMap(({ event }) => (event === 'changed' ? [] : [event]))
    for (let i = 1; i < statuses.length; i++) expect(statuses[i]).not.toBe(statuses[i - 1])
    expect(statuses.at(-1) ?? 'ready').toBe('ready')
    if (seed === SEEDS.length) figure('S2', `steps back in ${seed} simulated hours of faults`, 0)
  },
)
