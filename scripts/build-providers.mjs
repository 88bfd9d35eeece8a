import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/**
 * Builds the two provider packages: providers/{server,web}/dist/index.{js,cjs,d.ts,d.cts}.
 * The engine and the sync are bundled in; the OpenFeature SDKs stay outside.
 */

const root = fileURLToPath(new URL('..', import.meta.url))
const WEB_BUDGET_BYTES = 14_000 // gzip; close above what was measured, so that growth is a decision

const targets = {
  server: { platform: 'node', target: 'node20' },
  web: { platform: 'browser', target: 'es2022', minify: true },
}

for (const [name, options] of Object.entries(targets)) {
  const folder = join(root, 'providers', name)
  const dist = join(folder, 'dist')
  const entry = join(folder, 'src/index.ts')
  rmSync(dist, { recursive: true, force: true })
  for (const [format, file] of Object.entries({ esm: 'index.js', cjs: 'index.cjs' })) {
    await build({
      ...options,
      entryPoints: [entry],
      outfile: join(dist, file),
      bundle: true,
      format,
      external: ['@openfeature/*'],
      logLevel: 'warning',
    })
  }
  const types = declarationsOf(entry)
  for (const file of ['index.d.ts', 'index.d.cts']) writeFileSync(join(dist, file), types)
  report(name, join(dist, 'index.js'))
}

function report(name, bundle) {
  const code = readFileSync(bundle)
  const gzipped = gzipSync(code, { level: 9 }).length
  console.log(`providers/${name}: ${code.length} bytes, ${gzipped} gzipped`)
  if (name === 'web' && gzipped > WEB_BUDGET_BYTES) {
    throw new Error(`the web provider has ${gzipped} bytes gzipped; its budget is ${WEB_BUDGET_BYTES}`)
  }
}

/** One self-contained declaration file: a package must not refer to files outside itself. */
function declarationsOf(entry) {
  const out = mkdtempSync(join(tmpdir(), 'declarations-'))
  try {
    const project = join(out, 'tsconfig.json')
    writeFileSync(
      project,
      JSON.stringify({
        extends: join(root, 'tsconfig.json'),
        compilerOptions: {
          declaration: true,
          emitDeclarationOnly: true,
          noEmit: false,
          incremental: false,
          rootDir: root,
          outDir: out,
          typeRoots: [join(root, 'node_modules/@types')],
        },
        include: [],
        files: [entry],
      }),
    )
    execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', project], { stdio: 'inherit' })
    return flatten(join(out, relative(root, entry).replace(/\.ts$/, '.d.ts')))
  } finally {
    rmSync(out, { recursive: true })
  }
}

/**
 * Puts a declaration file and all it imports from us into one, in order of need.
 * tsc prints one import or export a line, which is all the grammar this has to know.
 */
function flatten(entry) {
  const seen = new Set()
  const outside = new Set()
  const visit = (file) => {
    if (seen.has(file)) return ''
    seen.add(file)
    let before = ''
    const own = readFileSync(file, 'utf8').replace(
      /^(import|export) (.*) from '(.*)';\n/gm,
      (line, verb, names, from) => {
        if (from.startsWith('.')) before += visit(resolve(dirname(file), `${from}.d.ts`))
        else outside.add(line)
        return verb === 'export' ? `export ${names};\n` : ''
      },
    )
    return before + (file === entry ? own : own.replace(/^export (?=declare|type|interface)/gm, ''))
  }
  const body = visit(entry)
  return [...outside].join('') + body
}
