import { table } from '../evaluate/tables'
import { Crowd, streamOf } from './crowd'
import { atMost, ms, percent, rounded, summaryCells } from './figures'
import type { Part } from './part'
import { publishSteadily, reachOf } from './publishes'

// What settled streams notice when many others on their node are lost together and come back.

const SETTLED = 1_000
const LOST = 8_000
const PUBLISHES = 20
const EVERY_MS = 500
const TIMES_AT_MOST = 2

export const storm: Part = async ({ stand }) => {
  const edge = await stand.edge()
  const target = streamOf(stand, edge)
  const settled = new Crowd(1)
  const others = new Crowd(2)
  await settled.open(target, SETTLED)
  await others.open(target, LOST)

  const calmSent = await publishSteadily(stand, PUBLISHES, EVERY_MS)
  await settled.settle(calmSent.at(-1)!.version, SETTLED)
  const calm = reachOf(calmSent, await settled.heard(), SETTLED)

  const storming = others.storm()
  const sent = await publishSteadily(stand, PUBLISHES, EVERY_MS)
  const last = sent.at(-1)!.version
  await settled.settle(last, SETTLED)
  const stormy = reachOf(sent, await settled.heard(), SETTLED)
  const backMs = await storming
  const back = await others.settle(last, LOST)

  const ratio = stormy.latency.p99 / calm.latency.p99
  const times = (value: number) => `${rounded(value, 2)}x`
  const count = (value: number) => rounded(value, 0)
  return {
    figures: { settled: SETTLED, others: LOST, calm, stormy, backMs, back },
    tables: [
      `${SETTLED.toLocaleString('en')} settled streams, while ${LOST.toLocaleString('en')} others are lost and come back ` +
        `in ${ms(backMs)} (${percent(back / LOST)} of them)`,
      table(
        ['', 'p50', 'p99', 'last', 'lost'],
        [
          ['in calm', ...summaryCells(calm.latency), calm.lost],
          ['in the storm', ...summaryCells(stormy.latency), stormy.lost],
        ],
      ),
    ],
    verdicts: [
      atMost('settled streams: p99 in the storm, beside calm,', ratio, TIMES_AT_MOST, times),
      atMost('settled streams: changes lost in the storm', stormy.lost, 0, count),
      atMost('streams that did not come back', LOST - back, 0, count),
    ],
  }
}
