import type { ParsedConfig } from '../parsed-config'

/**
 * Of the flags that are shown, those that a kill forces to their off variant: killed themselves, or in need of one that
 * is. For whoever does not hold the prerequisites.
 */
export function killClosure({ program, killed }: ParsedConfig, shown: ReadonlySet<string>): string[] {
  const known = new Map<string, boolean>()
  const isForced = (key: string): boolean => {
    const before = known.get(key)
    if (before !== undefined) return before
    known.set(key, false) // a cycle forces nobody
    const cell = program.cell(key)
    const forced =
      cell?.killed === true || (cell?.flag?.prerequisites ?? []).some((needed) => isUnmet(needed))
    known.set(key, forced)
    return forced
  }
  const isUnmet = ({ flag, variants }: { flag: string; variants: readonly string[] }): boolean => {
    const cell = program.cell(flag)
    if (!cell?.flag || !isForced(flag)) return false
    const { offVariant } = cell.flag
    return cell.killed || offVariant === null || !variants.includes(offVariant)
  }
  const reached = program.graph.withDependants(killed, () => true)
  return [...reached].filter((key) => shown.has(key) && isForced(key)).sort()
}
