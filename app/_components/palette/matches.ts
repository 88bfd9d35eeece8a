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
