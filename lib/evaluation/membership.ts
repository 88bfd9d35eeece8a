const SCAN_UP_TO = 8 // entries; past it a Set is faster than a scan

const sets = new WeakMap<readonly unknown[], ReadonlySet<unknown>>()

/** Whether a list of a parsed config holds a value, by type and value. Lists are indexed once, on first use. */
export function includes(list: readonly unknown[], value: unknown): boolean {
  if (list.length <= SCAN_UP_TO) return list.includes(value)
  let set = sets.get(list)
  if (!set) {
    set = new Set(list)
    sets.set(list, set)
  }
  return set.has(value)
}
