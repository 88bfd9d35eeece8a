const SCAN_UP_TO = 8 // entries; past it a Set is faster than a scan

const tests = new WeakMap<readonly unknown[], (value: unknown) => boolean>()

/** A test of whether a list of a parsed config holds a value, by type and value. Prepared once a list. */
export function isMember(list: readonly unknown[]): (value: unknown) => boolean {
  let test = tests.get(list)
  if (!test) {
    test = prepare(list)
    tests.set(list, test)
  }
  return test
}

function prepare(list: readonly unknown[]): (value: unknown) => boolean {
  if (list.length === 1) {
    const [only] = list
    return (value) => value === only
  }
  if (list.length <= SCAN_UP_TO) return (value) => list.includes(value)
  const set = new Set(list)
  return (value) => set.has(value)
}
