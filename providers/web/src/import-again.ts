const FILE = /module: ([^?\s]+)/

/**
 * Imports a file by another address after it failed: since 2026 HTML has a failed import asked for anew, but browsers from
 * before remember for the life of a page that it failed. Chromium and Firefox name the file in the message. `null` where
 * no file is named, as by the loaders of bundlers, which ask again themselves.
 */
export function importAgain<T>(error: unknown, attempt: number): Promise<T> | null {
  const file = FILE.exec(String(error))?.[1]
  const address = `${file}?${attempt}`
  return file ? import(/* @vite-ignore */ address) : null
}
