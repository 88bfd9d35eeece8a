import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { messageOf } from '../../sync/endpoint'
import type { LastKnownGood } from '../../sync/last-known-good'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/**
 * One header line, then the config as JSON. The header proves that the file is whole
 * and was written for this key: a wrong key must not go unnoticed because of it.
 */
const header = (key: string, json: string) => `jackstaff-config 1 ${sha256(key)} ${sha256(json)}`

/** Keeps the last config in a file that only its owner may read: rules can name people. */
export function lastKnownGoodFile(path: string, key: string, warn: (message: string) => void): LastKnownGood {
  let written = Promise.resolve()
  const write = async (json: string) => {
    const temporary = `${path}.${process.pid}.tmp`
    await writeFile(temporary, `${header(key, json)}\n${json}`, { mode: 0o600 })
    await rename(temporary, path)
  }
  return {
    load() {
      try {
        const file = readFileSync(path, 'utf8')
        const end = file.indexOf('\n')
        const json = file.slice(end + 1)
        return file.slice(0, end) === header(key, json) ? json : null
      } catch {
        return null
      }
    },
    save(json) {
      written = written
        .then(() => write(json))
        .catch((error: unknown) => warn(`the last known good config was not saved: ${messageOf(error)}`))
    },
  }
}
