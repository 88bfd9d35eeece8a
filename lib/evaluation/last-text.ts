/** A reader that remembers its last text: the conditions of a flag ask about the same attribute again and again. */
export function rememberLast<T>(read: (text: string) => T): (text: string) => T {
  let last = ''
  let result = read(last)
  return (text) => {
    if (text !== last) {
      result = read(text)
      last = text
    }
    return result
  }
}
