import { limit } from './limit'
import { ours } from './ours'
import type { Payload } from './payload'
import type { Allocation, By, Scale } from './run'
import type { Timing } from './timing'
import type { Figures, Verdict } from './verdict'

type Cell = string | number | undefined
type Row = readonly Cell[]

const NONE = 'n/a'
const MEGABYTE = 1_000_000
const APART = 0.25

/** Aligned columns: the first to the left, the others to the right. */
export function table(head: Row, rows: readonly Row[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => String(cell ?? NONE)))
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd()
  const [first, ...rest] = cells.map(line)
  return [first, '-'.repeat(first!.length), ...rest].join('\n')
}

export const figure = (value: number | undefined): Cell => {
  if (value === undefined) return undefined
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value.toFixed(value >= 10 ? 1 : 2)
}
export const times = (value: number | undefined): Cell =>
  value === undefined ? undefined : `${figure(value)}x`
const ratio = (value: number | undefined, base: number | undefined): Cell =>
  value === undefined || base === undefined ? undefined : times(value / base)

/** A row a contender, a column a workload. */
export function byWorkload<T>(cpu: By<By<T>>, cell: (timings: By<T>, name: string) => Cell): string {
  const columns = Object.keys(cpu)
  const names = [...new Set(Object.values(cpu).flatMap((timings) => Object.keys(timings)))]
  return table(
    ['', ...columns],
    names.map((name) => [name, ...columns.map((column) => cell(cpu[column]!, name))]),
  )
}

const cpuTables = (cpu: By<By<Timing>>): string[] => [
  `CPU time of a call in ns (median of interleaved rounds, by process.cpuUsage)`,
  byWorkload(cpu, (timings, name) => figure(timings[name]?.cpu)),
  `The same, as a multiple of the hand-written limit`,
  byWorkload(cpu, (timings, name) => ratio(timings[name]?.cpu, timings[limit.name]?.cpu)),
  `The same, as a multiple of ours`,
  byWorkload(cpu, (timings, name) => ratio(timings[name]?.cpu, timings[ours.name]?.cpu)),
]

/** Where waiting, or other threads, made a large difference. */
function wallNote(cpu: By<By<Timing>>): string[] {
  const apart = Object.entries(cpu).flatMap(([workload, timings]) =>
    Object.entries(timings).flatMap(([name, timing]) =>
      Math.abs(timing.wall / timing.cpu - 1) <= APART
        ? []
        : [`${name} on ${workload} ${figure(timing.wall)} ns`],
    ),
  )
  return apart.length === 0
    ? []
    : [`Where the time that passed differs by more than ${APART * 100} %: ${apart.join(', ')}`]
}

function allocationTable({ bytes, known }: Allocation): string[] {
  const columns = Object.keys(bytes[ours.name]!)
  return [
    `Bytes allocated by a call (an object known to take 48 was measured as ${known.object.toFixed(2)})`,
    table(
      ['', ...columns],
      Object.entries(bytes).map(([name, found]) => [name, ...columns.map((column) => figure(found[column]))]),
    ),
  ]
}

const scaleTable = (scale: By<Scale>): string[] => [
  `10,000 flags: text to first answer (median of fresh processes), heap kept, one flag changed and asked`,
  table(
    ['', 'start ms', 'heap MB', 'each asked MB', 'change ms', 'p99 ms', 'changes'],
    Object.entries(scale).map(([name, { startMs, loaded, used, change }]) => [
      name,
      startMs.toFixed(1),
      (loaded / MEGABYTE).toFixed(2),
      (used / MEGABYTE).toFixed(2),
      change.median.toFixed(3),
      change.p99.toFixed(3),
      change.count,
    ]),
  ),
]

const payloadTable = (payload: By<Payload>): string[] => [
  `Bytes of 1,000 equal flags on the wire`,
  table(
    ['', 'raw', 'gzip -9', 'brotli 11'],
    Object.entries(payload).map(([name, { raw, gzip, brotli }]) => [name, raw, gzip, brotli]),
  ),
]

export function report({ cpu, allocation, scale, payload }: Figures): string {
  return [
    ...(cpu ? [...cpuTables(cpu), ...wallNote(cpu)] : []),
    ...(allocation ? allocationTable(allocation) : []),
    ...(scale ? scaleTable(scale) : []),
    ...(payload ? payloadTable(payload) : []),
  ].join('\n\n')
}

export const verdictTable = (all: readonly Verdict[]): string =>
  table(
    ['target', 'measured', 'met'],
    all.map(({ target, measured, met }) => [target, measured, met ? 'yes' : 'NO']),
  )
