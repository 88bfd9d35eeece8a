import { existsSync } from 'node:fs'
import { ROOT, ready, say } from './prepare.mjs'

/** `node scripts/bench.mjs <name> [arguments]` runs bench/<name>.ts on the built product. */
process.chdir(ROOT)
const [name, ...rest] = process.argv.slice(2)
if (!name || !/^[a-z-]+$/.test(name) || !existsSync(`bench/${name}.ts`)) {
  say('Which benchmark? See bench/ for their names.')
  process.exit(1)
}
await ready({ providers: true })
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
