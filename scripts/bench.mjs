import { existsSync } from 'node:fs'
import { ensureInstalled, ROOT, ready, run, say, unlessDone } from './prepare.mjs'

/** `node scripts/bench.mjs <name> [arguments]` runs bench/<name>.ts. */
process.chdir(ROOT)
const [name, ...rest] = process.argv.slice(2)
if (!name || !/^[a-z-]+$/.test(name) || !existsSync(`bench/${name}.ts`)) {
  say('Which benchmark? See bench/ for their names.')
  process.exit(1)
}

async function readyToCompare() {
  await ensureInstalled()
  await unlessDone('bench/node_modules/.jackstaff-installed', ['bench/package-lock.json'], () => {
    say('Installing the engines to compare with (once; needs the npm registry).')
    run('npm', ['ci', '--prefix', 'bench', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])
  })
}

async function readyToBundle() {
  await readyToCompare()
  const { buildProviders } = await import('./build.mjs')
  await buildProviders()
}

async function readyToDeliver() {
  await ready({ providers: true })
  await readyToCompare()
  await unlessDone(
    'bench/delivery/node_modules/.jackstaff-installed',
    ['bench/delivery/package-lock.json'],
    () => {
      say('Installing the server to compare with, and the Node it needs (once; needs the npm registry).')
      run('npm', [
        'ci',
        '--prefix',
        'bench/delivery',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--loglevel=error',
      ])
    },
  )
}

/** What some of them need instead of the built product. */
const NEEDS = {
  bundle: readyToBundle,
  dashboard: ready,
  delivery: readyToDeliver,
  evaluate: readyToCompare,
  openfeature: readyToCompare,
  interop: ensureInstalled,
  limits: ensureInstalled,
  mutation: ensureInstalled,
  residual: ensureInstalled,
}

await (NEEDS[name] ?? (() => ready({ providers: true })))()
const { build } = await import('esbuild')
const outfile = `dist/bench-${name}.mjs`
await build({
  absWorkingDir: process.cwd(),
  entryPoints: [`bench/${name}.ts`],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
})
process.argv = [process.argv[0], outfile, ...rest]
await import(`../${outfile}`)
