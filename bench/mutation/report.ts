import { table } from '../evaluate/tables'
import type { Mutant } from './mutants'
import type { Verdict } from './run'

export type Tally = Readonly<Record<Verdict['outcome'], number>>

export function tally(verdicts: readonly Verdict[]): Tally {
  const counts = { killed: 0, survived: 0, timeout: 0, invalid: 0 }
  for (const { outcome } of verdicts) counts[outcome]++
  return counts
}

/** Of the mutants that run, the share that the tests notice. */
export function score({ killed, survived, timeout }: Tally): string {
  return `${((100 * (killed + timeout)) / (killed + timeout + survived)).toFixed(1)} %`
}

/** In the order of the sources. */
export function inOrder(verdicts: readonly Verdict[]): readonly Verdict[] {
  return [...verdicts].sort(
    ({ mutant: a }, { mutant: b }) =>
      a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column || a.to.localeCompare(b.to),
  )
}

function row(name: string, verdicts: readonly Verdict[]) {
  const counts = tally(verdicts)
  const { killed, timeout, survived } = counts
  return [name, killed + timeout + survived, killed, timeout, survived, score(counts)]
}

function rowsBy(verdicts: readonly Verdict[], key: (verdict: Verdict) => string) {
  const names = [...new Set(verdicts.map(key))].sort()
  const rows = names.map((name) =>
    row(
      name,
      verdicts.filter((verdict) => key(verdict) === name),
    ),
  )
  return table(['', 'mutants', 'killed', 'timeouts', 'survived', 'score'], [...rows, row('all', verdicts)])
}

export function written({ file, line, column, operator, from, to }: Mutant): string {
  return `${file}:${line}:${column} ${operator}: ${from} -> ${to}`
}

function survivorsOf(verdicts: readonly Verdict[]): string {
  const lines = verdicts.filter(({ outcome }) => outcome === 'survived').map(({ mutant }) => written(mutant))
  return lines.length === 0 ? 'No survivors' : `Survivors\n\n${lines.join('\n')}`
}

export function report(verdicts: readonly Verdict[]): string {
  return [
    survivorsOf(verdicts),
    rowsBy(verdicts, ({ mutant }) => mutant.operator),
    rowsBy(verdicts, ({ mutant }) => mutant.file),
  ].join('\n\n')
}
