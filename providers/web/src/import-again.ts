const FILE = /module: ([^?\s]+)/

/**
 * Browsers remember for the life of a page that an import failed. Chromium and Firefox name the file in the message: by
 * another address it is asked for anew. `null` where no file is named: bundlers with loaders of their own ask again.
 */
export function importAgain<T>(error: unknown, attempt: number): Promise<T> | null {
  const file = FILE.exec(String(error))?.[1]
  const address = `${file}?${attempt}`
  return file ? import(/* @vite-ignore */ address) : null
}
