const ZERO = 0x30

/** The decimal digit at a place of a text; -1 where there is none. */
export function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - ZERO
  return digit >= 0 && digit <= 9 ? digit : -1
}

/** The number that all the characters in a part of a text write; -1 where one of them is no digit. */
export function digitsIn(text: string, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = digitAt(text, at)
    if (digit === -1) return -1
    value = value * 10 + digit
  }
  return value
}
