/** Lists are never edited in place: React and the draft compare by identity. */
export const replaceAt = <T>(list: readonly T[], index: number, item: T): T[] =>
  list.map((old, i) => (i === index ? item : old))

export const removeAt = <T>(list: readonly T[], index: number): T[] => list.filter((_, i) => i !== index)

/** Takes an item out and puts it in again, where it then has this place. */
export function moveTo<T>(list: readonly T[], from: number, to: number): T[] {
  const moved = [...list]
  const [item] = moved.splice(from, 1)
  moved.splice(to, 0, item!)
  return moved
}
