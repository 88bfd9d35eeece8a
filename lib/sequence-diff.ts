export type Step<T> = { kind: 'same' | 'added' | 'removed'; item: T }

/** Lengths of the longest common subsequence of every pair of tails. */
function lengths<T>(before: readonly T[], after: readonly T[]): Uint32Array[] {
  const table = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1))
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const row = table[i]!
      row[j] = before[i] === after[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, row[j + 1]!)
    }
  }
  return table
}

/** The shortest list of removals and additions that turns one sequence into the other. */
export function sequenceDiff<T>(before: readonly T[], after: readonly T[]): Step<T>[] {
  const table = lengths(before, after)
  const steps: Step<T>[] = []
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      steps.push({ kind: 'same', item: before[i]! })
      i++
      j++
    } else if (j === after.length || (i < before.length && table[i + 1]![j]! >= table[i]![j + 1]!)) {
      steps.push({ kind: 'removed', item: before[i++]! })
    } else {
      steps.push({ kind: 'added', item: after[j++]! })
    }
  }
  return steps
}

export const lineDiff = (before: string, after: string) => sequenceDiff(before.split('\n'), after.split('\n'))
