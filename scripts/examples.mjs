import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, run, say, unlessDone } from './prepare.mjs'

/** Folders with a package.json of their own that the tests run. */
const APPS = [
  'examples/node',
  'examples/react',
  'examples/next',
  'tests/frameworks',
  'tests/frameworks/interop',
]

const NPM_FLAGS = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']

const npm = (command, app) => run('npm', [command, '--prefix', app, ...NPM_FLAGS])

/** Installs what an app needs, and replaces its copy of our packages when these were built again. */
async function install(app) {
  const lockfile = [`${app}/package-lock.json`]
  const fresh = await unlessDone(`${app}/node_modules/.jackstaff-installed`, lockfile, () => {
    say(`Installing what ${app} needs (once; needs the npm registry).`)
    npm('ci', app)
  })
  await unlessDone(`${app}/node_modules/.jackstaff-packages`, ['dist/providers-built'], () => {
    if (fresh) return
    for (const old of ['@jackstaff', '.vite']) // Vite keeps bundles by version, and ours is the same
      rmSync(join(ROOT, app, 'node_modules', old), { recursive: true, force: true })
    npm('install', app)
  })
}

/** What the tests of the examples and the frameworks run. The providers are built before. */
export async function prepareExamples() {
  for (const app of APPS) await install(app)
  const sources = ['app', 'flags.ts', 'instrumentation.ts', 'next.config.mjs', 'package-lock.json']
  const next = sources.map((source) => `examples/next/${source}`)
  await unlessDone('examples/next/.next/jackstaff-built', [...next, 'dist/providers-built'], () => {
    say('Building examples/next (once a change; takes about half a minute).')
    run('npm', ['run', '--silent', 'build', '--prefix', 'examples/next'])
  })
}
