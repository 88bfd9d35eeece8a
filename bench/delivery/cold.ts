import { median } from '../evaluate/statistics'
import { table } from '../evaluate/tables'
import { bearer } from './api'
import { atMost, ms, rounded } from './figures'
import type { Part } from './part'
import { idleRss } from './proc'
import { whenOk } from './program'

// An edge, from being started to its first config, and the memory it then keeps.

const STARTS = 5
const IDLE_MS = 5_000
const START_AT_MOST_MS = 2_000
const RSS_AT_MOST_MB = 90

const megabytes = (value: number) => `${rounded(value)} MB`

export const cold: Part = async ({ stand }) => {
  const starts: number[] = []
  let rss = Number.NaN
  for (let i = 0; i < STARTS; i++) {
    const { url, program } = await stand.spawnEdge()
    starts.push(await whenOk(`${url}/config`, program, bearer(stand.serverKey), 10))
    if (i === STARTS - 1) rss = (await idleRss(program.pid, IDLE_MS)) / 1e6
    await program.end()
  }
  return {
    figures: { starts, rssMegabytes: rss },
    tables: [
      `An edge with 1,000 flags (${STARTS} starts)`,
      table(
        ['', 'median', 'slowest'],
        [
          ['spawned to first 200 of /config', ms(median(starts)), ms(Math.max(...starts))],
          ['resident memory when idle', megabytes(rss), undefined],
        ],
      ),
    ],
    verdicts: [
      atMost('edge: spawned to first 200 of /config, median,', median(starts), START_AT_MOST_MS, ms),
      atMost('edge: resident memory with 1,000 flags', rss, RSS_AT_MOST_MB, megabytes),
    ],
  }
}
