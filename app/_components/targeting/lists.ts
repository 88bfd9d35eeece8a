/** Lists are never edited in place: React and the draft compare by identity. */
export const replaceAt = <T>(list: readonly T[], index: number, item: T): T[] =>
  list.map((old, i) => (i === index ? item : old))

export const removeAt = <T>(list: readonly T[], index: number): T[] => list.filter((_, i) => i !== index)

/** Moves one place up (-1) or down (+1); at an end nothing moves. */
export function move<T>(list: readonly T[], index: number, by: -1 | 1): T[] {
  const target = index + by
  if (target < 0 || target >= list.length) return [...list]
  const moved = [...list]
  const [item] = moved.splice(index, 1)
  moved.splice(target, 0, item!)
  return moved
}
