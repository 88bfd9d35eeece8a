import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, run, say, unlessDone } from './prepare.mjs'

/** Folders with a package.json of their own that the tests run. */
const APPS = ['examples/node', 'examples/react', 'examples/next', 'tests/frameworks']

const npm = (command, app) =>
  run('npm', [command, '--prefix', app, '--no-audit', '--no-fund', '--no-save', '--loglevel=error'])

/** Installs what they need, and puts our packages in again when these were built again. */
async function install(app) {
  await unlessDone(`${app}/node_modules/.jackstaff-installed`, [`${app}/package-lock.json`], () => {
    say(`Installing what ${app} needs (once; needs the npm registry).`)
    npm('ci', app)
  })
  await unlessDone(`${app}/node_modules/.jackstaff-packages`, ['dist/providers-built'], () => {
    rmSync(join(ROOT, app, 'node_modules/@jackstaff'), { recursive: true, force: true })
    npm('install', app)
  })
}

/** What the tests of the examples and the frameworks run. The providers are built before. */
export async function prepareExamples() {
  for (const app of APPS) await install(app)
  const next = 'examples/next'
  const sources = ['app', 'flags.ts', 'instrumentation.ts', 'next.config.mjs', 'package-lock.json']
  await unlessDone(
    `${next}/.next/jackstaff-built`,
    [...sources.map((source) => `${next}/${source}`), 'dist/providers-built'],
    () => {
      say('Building examples/next (once a change).')
      run('npm', ['run', '--silent', 'build', '--prefix', next])
    },
  )
}
