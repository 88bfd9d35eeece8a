const KILL = /^kill\s+/i

/** "kill fares" is about killing what is called "fares". */
export const readAsked = (text: string): { q: string; killing: boolean } => ({
  q: text.replace(KILL, '').trim(),
  killing: KILL.test(text),
})

/** Every word that was typed begins a word of the label, in whichever order. */
export function matches(label: string, q: string): boolean {
  const words = label.toLowerCase().split(/[^\p{L}\p{N}]+/u)
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((asked) => words.some((word) => word.startsWith(asked)))
}

type Group = { label: string; items: readonly { label: string }[] }

/**
 * What begins as was typed comes first. Flags keep their place: they arrive later, and must not come under the finger of
 * somebody who is about to press Enter.
 */
export function foremost<T extends Group>(groups: readonly T[], q: string): T[] {
  const begins = ({ label, items }: T) =>
    q !== '' &&
    label !== 'Flags' &&
    items.some((item) => item.label.toLowerCase().startsWith(q.toLowerCase()))
  return [...groups.filter(begins), ...groups.filter((group) => !begins(group))]
}
