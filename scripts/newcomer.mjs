import { execFileSync, spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { linkTree } from './link-tree.mjs'
import { ROOT, say } from './prepare.mjs'

/**
 * The path of somebody who is new: a fresh copy of the repository, `npm start`, the steps and the program of the README, in a
 * folder of its own with the packed provider, until the program has seen the flag go on. Ends with 1 where that takes longer than
 * five minutes.
 *
 * Installs and builds as a newcomer's machine does, which asks the npm registry. With --linked it uses the packages and the
 * build that are here, and asks nobody. The files of packages are linked one by one: through a link to their folder, an
 * installation in the copy would empty the folder here.
 */

const FIVE_MINUTES_MS = 300_000
const README = 'http://localhost:3000'
const linked = process.argv.includes('--linked')
const port = process.env.PORT ?? '3000'
const url = `http://localhost:${port}`
const home = mkdtempSync(join(tmpdir(), 'jackstaff-newcomer-'))
const clone = join(home, 'jackstaff')
const watcher = join(home, 'flag-watcher')
const running = []
const began = performance.now()
const told = (what) => say(`${((performance.now() - began) / 1_000).toFixed(1)} s: ${what}`)

function copyRepository() {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  }).split('\0')
  for (const file of files.filter((name) => name && existsSync(join(ROOT, name)))) {
    mkdirSync(dirname(join(clone, file)), { recursive: true })
    cpSync(join(ROOT, file), join(clone, file), { verbatimSymlinks: true })
  }
  if (!linked) return
  linkTree(join(ROOT, 'node_modules'), join(clone, 'node_modules'))
  for (const built of ['.next', 'dist', 'providers/server/dist', 'providers/web/dist'])
    cpSync(join(ROOT, built), join(clone, built), {
      recursive: true,
      filter: (path) => !path.includes('/.next/cache') && !path.includes('/.next/dev'),
    })
}

/** Starts a program; answers with what waits for a line that it prints. */
function begin(command, args, cwd, env) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, detached: true })
  running.push(child)
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk) => {
      printed += chunk
      for (const [line] of chunk.matchAll(/^(?:Installing|Building) .*/gm)) told(line)
    })
  return async (line) => {
    while (!line.test(printed)) {
      if (child.exitCode !== null) throw new Error(`${command} ${args.join(' ')} ended:\n${printed}`)
      if (performance.now() - began > 2 * FIVE_MINUTES_MS) throw new Error(`no ${line} in:\n${printed}`)
      await sleep(50)
    }
    return line.exec(printed)
  }
}

/** Requests as the dashboard's pages make them. */
async function page(method, path, { body, cookie = '', headers = {} } = {}) {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', cookie, ...headers },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`)
  return { headers: answer.headers, body: JSON.parse(text) }
}

function installProvider() {
  const npm = (args, cwd) => execFileSync('npm', [...args, '--silent'], { cwd, encoding: 'utf8' })
  if (!linked) npm(['run', 'build'], clone)
  mkdirSync(watcher)
  const tarball = npm(['pack', './providers/server', '--pack-destination', watcher], clone)
    .trim()
    .split('\n')
    .at(-1)
  npm(['init', '-y'], watcher)
  const flags = ['--no-audit', '--no-fund']
  if (!linked) npm(['install', ...flags, '@openfeature/server-sdk', `./${tarball}`], watcher)
  else {
    npm(['install', ...flags, '--offline', '--legacy-peer-deps', `./${tarball}`], watcher)
    symlinkSync(join(ROOT, 'node_modules/@openfeature'), join(watcher, 'node_modules/@openfeature'))
  }
}

/** The program that the README tells to save as watch.mjs. */
function writeProgram() {
  const [, program] = /Save this as `watch\.mjs`.*?```js\n(.*?)```/s.exec(
    readFileSync(join(clone, 'README.md'), 'utf8'),
  )
  writeFileSync(join(watcher, 'watch.mjs'), program.replace(README, url))
}

async function walk() {
  copyRepository()
  told('a fresh copy')
  const start = begin('npm', ['start'], clone, { PORT: port, PUBLIC_URL: url, DATABASE_URL: '' })
  const [, token] = await start(/\/setup\?token=([\w-]+)/)
  told('npm start has printed its set-up link')

  const ana = { name: 'Ana', email: 'ana@example.com', token }
  const setUp = await page('POST', '/setup', { body: ana })
  const cookie = setUp.headers.get('set-cookie').split(';', 1)[0]
  const [, project] = /\/projects\/([\w-]+)\//.exec(setUp.body.redirect)
  const flag = { key: 'new-checkout', name: 'New checkout', type: 'boolean' }
  await page('POST', `/projects/${project}/flags`, { cookie, body: flag })
  const key = { kind: 'server', name: 'flag-watcher' }
  const made = await page('POST', `/projects/${project}/environments/production/keys`, { cookie, body: key })
  told('a flag and a server key')

  installProvider()
  writeProgram()
  const watch = begin(process.execPath, ['watch.mjs'], watcher, { JACKSTAFF_KEY: made.body.key })
  await watch(/^false$/m)
  told('the first evaluation')
  const took = performance.now() - began

  const path = `/projects/${project}/flags/new-checkout/environments/production`
  const on = { on: true, offVariant: 'off', fallthrough: { variant: 'on' } }
  await page('PUT', path, { cookie, body: on, headers: { 'if-match': '*' } })
  await watch(/^true$/m)
  told('the flag is on, and the program has seen it')
  if (took > FIVE_MINUTES_MS) throw new Error('the first evaluation took longer than five minutes')
}

try {
  await walk()
} catch (error) {
  say(String(error))
  process.exitCode = 1
} finally {
  for (const child of running.filter(({ exitCode }) => exitCode === null)) {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    process.kill(-child.pid, 'SIGTERM')
    await gone
  }
  rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
}
