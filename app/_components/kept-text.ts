/**
 * JSON that does not read yet is no draft: the tab keeps it beside the draft that it was typed over, so that a reload or a
 * look at the sentences loses nothing. Whoever edits the sentences, or discards the draft, lets go of it.
 */
export function keepText(key: string, text: string): void {
  try {
    sessionStorage.setItem(key, text)
  } catch {
    sessionStorage.removeItem(key) // too long for the browser to keep
  }
}

export const keptText = (key: string): string | null => sessionStorage.getItem(key)

export const forgetText = (key: string) => sessionStorage.removeItem(key)
