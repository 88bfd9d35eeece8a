import { table } from '../evaluate/tables'
import { Crowd, streamOf } from './crowd'
import { atLeast, atMost, ms, percent, rounded } from './figures'
import type { Part } from './part'
import { configId, publishOnce, versionOf } from './publishes'

// Streams that were lost and come back a few versions late: what brings them to now.

const STREAMS = 5_000
const BEHIND = 3
const AT_ONCE = 500
const PROCESSES = 2

export const resume: Part = async ({ stand }) => {
  const edge = await stand.edge()
  const lastId = await configId(stand, edge.url)
  for (let i = 0; i < BEHIND; i++) await publishOnce(stand)
  const version = versionOf(lastId) + BEHIND
  while (versionOf(await configId(stand, edge.url)) < version);
  const crowd = new Crowd(PROCESSES)
  const started = performance.now()
  await crowd.open(streamOf(stand, edge), STREAMS, { lastId, atOnce: AT_ONCE })
  const current = await crowd.settle(version, STREAMS)
  const tookMs = performance.now() - started
  const heard = await crowd.heard()
  const first = (event: string) => heard.reduce((sum, { firstEvents }) => sum + (firstEvents[event] ?? 0), 0)
  const patched = first('patch')
  const fetches = first('resync')
  const wholes = first('put')
  const count = (value: number) => rounded(value, 0)
  return {
    figures: { streams: STREAMS, behind: BEHIND, tookMs, patched, fetches, wholes, current },
    tables: [
      `${STREAMS.toLocaleString('en')} streams come back ${BEHIND} versions late, ${AT_ONCE} at once`,
      table(
        ['all are current in', 'current', 'by a patch', 'by the whole config', 'told to fetch /config'],
        [[ms(tookMs), percent(current / STREAMS), percent(patched / STREAMS), wholes, fetches]],
      ),
    ],
    verdicts: [
      atLeast('streams resumed by a patch', patched / STREAMS, 1, percent),
      atMost('streams that have to ask /config', fetches, 0, count),
    ],
  }
}
