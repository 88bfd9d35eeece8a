import { peers } from './contenders'
import { launchdarkly } from './launchdarkly'
import { limit } from './limit'
import { ours } from './ours'
import type { Payload } from './payload'
import type { Allocation, By, Scale } from './run'
import { median } from './statistics'
import type { Timing } from './timing'
import { unleash } from './unleash'
import { workloads } from './workloads'

export type Verdict = { readonly target: string; readonly measured: string; readonly met: boolean }

export type Figures = {
  readonly cpu?: By<By<Timing>>
  readonly allocation?: Allocation
  readonly scale?: By<Scale>
  readonly payload?: By<Payload>
}

const BEST_PEER_AT_LEAST = 5
const MEDIAN_PEER_AT_LEAST = 20
const MOST_BYTES = 16
const HEAP_AT_MOST = 1.3
const CHANGE_MS = 0.1
const CHANGE_AT_LEAST = 25
const GZIP_BYTES = 6_500

const times = (value: number) => `${value < 10 ? value.toFixed(2) : value.toFixed(0)}x`
const peerFigures = (of: (name: string) => number | undefined): readonly (readonly [string, number])[] =>
  peers.flatMap(({ name }) => {
    const figure = of(name)
    return figure === undefined ? [] : [[name, figure] as const]
  })
const least = (figures: readonly (readonly [string, number])[]) =>
  figures.reduce((best, figure) => (figure[1] < best[1] ? figure : best))

function ofCpu(cpu: By<By<Timing>>): Verdict[] {
  return workloads.flatMap(({ name, target }) => {
    const found = cpu[name]
    if (!found) return []
    const our = found[ours.name]!.cpu
    const ratio = our / found[limit.name]!.cpu
    const all = peerFigures((peer) => found[peer]?.cpu)
    const [bestName, best] = least(all)
    const middle = median(all.map(([, figure]) => figure))
    return [
      { target: `${name}: at most ${target}x the limit`, measured: times(ratio), met: ratio <= target },
      {
        target: `${name}: the best peer at least ${BEST_PEER_AT_LEAST}x slower`,
        measured: `${times(best / our)} (${bestName})`,
        met: best / our >= BEST_PEER_AT_LEAST,
      },
      {
        target: `${name}: the median peer at least ${MEDIAN_PEER_AT_LEAST}x slower`,
        measured: times(middle / our),
        met: middle / our >= MEDIAN_PEER_AT_LEAST,
      },
    ]
  })
}

function ofAllocation({ bytes }: Allocation): Verdict[] {
  const [worst, most] = Object.entries(bytes[ours.name]!).reduce((a, b) => (b[1] > a[1] ? b : a))
  return [
    {
      target: `a call allocates at most ${MOST_BYTES} bytes`,
      measured: `${most.toFixed(1)} (${worst})`,
      met: most <= MOST_BYTES,
    },
  ]
}

function ofScale(scale: By<Scale>): Verdict[] {
  const our = scale[ours.name]!
  const [startName, start] = least(peerFigures((peer) => scale[peer]?.startMs))
  const [leanName, leanest] = least(peerFigures((peer) => scale[peer]?.loaded))
  const fasterThan = (name: string): Verdict => {
    const ratio = scale[name]!.change.median / our.change.median
    return {
      target: `one change: at least ${CHANGE_AT_LEAST}x faster than ${name}`,
      measured: times(ratio),
      met: ratio >= CHANGE_AT_LEAST,
    }
  }
  return [
    {
      target: '10,000 flags: text to first answer no slower than the best peer',
      measured: `${our.startMs.toFixed(1)} ms; ${start.toFixed(1)} ms (${startName})`,
      met: our.startMs <= start,
    },
    {
      target: `10,000 flags: at most ${HEAP_AT_MOST}x the best peer's heap`,
      measured: `${times(our.loaded / leanest)} (${leanName})`,
      met: our.loaded <= HEAP_AT_MOST * leanest,
    },
    {
      target: `one change among 10,000 flags applied and evaluated in at most ${CHANGE_MS} ms`,
      measured: `${our.change.median.toFixed(3)} ms`,
      met: our.change.median <= CHANGE_MS,
    },
    fasterThan(launchdarkly.name),
    fasterThan(unleash.name),
  ]
}

function ofPayload(payload: By<Payload>): Verdict[] {
  const our = payload[ours.name]!.gzip
  const [name, smallest] = least(peerFigures((peer) => payload[peer]?.gzip))
  return [
    {
      target: `1,000 equal flags: at most ${GZIP_BYTES} bytes by gzip`,
      measured: `${our}`,
      met: our <= GZIP_BYTES,
    },
    {
      target: '1,000 equal flags: no larger by gzip than the smallest peer',
      measured: `${our}; ${smallest} (${name})`,
      met: our <= smallest,
    },
  ]
}

export const verdicts = ({ cpu, allocation, scale, payload }: Figures): readonly Verdict[] => [
  ...(cpu ? ofCpu(cpu) : []),
  ...(allocation ? ofAllocation(allocation) : []),
  ...(scale ? ofScale(scale) : []),
  ...(payload ? ofPayload(payload) : []),
]
