import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a fresh clone lacks, and how it is noticed that something changed. Runs on Node alone. */

export const ROOT = fileURLToPath(new URL('..', import.meta.url))
const LOWEST_NODE = [20, 19]

export const say = (line) => process.stdout.write(`${line}\n`)

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > LOWEST_NODE[0] || (major === LOWEST_NODE[0] && minor >= LOWEST_NODE[1])) return
  say(`Jackstaff needs Node ${LOWEST_NODE.join('.')} or newer; this is ${process.versions.node}.`)
  process.exit(1)
}

export function run(command, args, options = {}) {
  const { status, signal } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...options.env },
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${signal ?? status}`)
}

function files(path) {
  const full = join(ROOT, path)
  if (!existsSync(full)) return []
  if (statSync(full).isFile()) return [path]
  return readdirSync(full, { withFileTypes: true })
    .filter((entry) => entry.name !== 'dist' && entry.name !== 'node_modules')
    .flatMap((entry) => files(join(path, entry.name)))
}

/** A fingerprint of sources: content, not times, so that a checkout or a touch rebuilds nothing. */
function fingerprint(paths) {
  const hash = createHash('sha256').update(process.versions.node)
  for (const path of paths.flatMap(files).sort())
    hash.update(`\0${path}\0`).update(readFileSync(join(ROOT, path)))
  return hash.digest('hex')
}

/** Does `work` unless the same sources were worked on before. `stamp` is a file that remembers them. */
export async function unlessDone(stamp, sources, work) {
  const file = join(ROOT, stamp)
  const now = fingerprint(sources)
  if (existsSync(file) && readFileSync(file, 'utf8') === now) return false
  await work()
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, now)
  return true
}

/** Whether npm itself was run since the lockfile changed: then there is nothing to do. */
function installedByHand() {
  const [done, wanted] = ['node_modules/.package-lock.json', 'package-lock.json'].map((file) =>
    join(ROOT, file),
  )
  return existsSync(done) && statSync(done).mtimeMs >= statSync(wanted).mtimeMs
}

/** Installs exactly what package-lock.json says, when that is not what is there. */
export function ensureInstalled() {
  return unlessDone('node_modules/.jackstaff-installed', ['package-lock.json'], () => {
    if (installedByHand()) return
    say('Installing dependencies (once; needs the npm registry).')
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  })
}

/** Installs and builds what a command needs. Everything beyond Node is imported only after this. */
export async function ready({ providers = false } = {}) {
  requireNode()
  process.chdir(ROOT)
  await ensureInstalled()
  const { buildProviders, buildServer } = await import('./build.mjs')
  await buildServer()
  if (providers) await buildProviders()
}
