import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const DEPLOY = resolve(import.meta.dirname, '../../deploy')

export type Deployed = { folder: string; remove(): void }

/**
 * A copy of `deploy/<name>` whose files differ from those that are shipped in what `instead` says: ports and folders.
 * Every text that is to be replaced has to be there.
 */
export function deployed(name: string, instead: Record<string, string>): Deployed {
  const folder = mkdtempSync(join(tmpdir(), `jackstaff-${name}-`))
  cpSync(join(DEPLOY, name), folder, { recursive: true })
  mkdirSync(join(folder, 'run'))
  const unseen = new Set(Object.keys(instead))
  for (const file of readdirSync(join(DEPLOY, name))) {
    let text = readFileSync(join(folder, file), 'utf8')
    for (const [shipped, here] of Object.entries(instead)) {
      if (text.includes(shipped)) unseen.delete(shipped)
      text = text.replaceAll(shipped, here.replaceAll('{folder}', folder))
    }
    writeFileSync(join(folder, file), text)
  }
  if (unseen.size > 0) throw new Error(`deploy/${name} does not say ${[...unseen].join(', ')}`)
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
