import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/**
 * Builds the two provider packages: providers/{server,web}/dist/index.{js,cjs,d.ts,d.cts}.
 * The sync is bundled in; the OpenFeature SDKs stay outside. What few need is a file of its own beside them, imported when
 * it is first needed: regular expressions, regex.{js,cjs}, and for browsers the whole engine, engine.{js,cjs}. What keeps a page
 * true after its first answer is live.{js,cjs}. The server's package has a command, dist/cli.js.
 */

const root = fileURLToPath(new URL('..', import.meta.url))

/** Bytes, gzipped; close above what was measured, so that growth is a decision. */
const WEB_BUDGETS = { 'index.js': 7_100, 'live.js': 7_100, 'engine.js': 23_000, 'regex.js': 48_000 }

const targets = {
  server: { parts: ['index'], options: { platform: 'node', target: 'node20' } },
  web: {
    parts: ['index', 'live', 'engine'],
    options: { platform: 'browser', target: 'es2022', minify: true },
  },
}

/** Commands of a package: one file each that runs on Node alone. */
const commands = { server: { 'cli.js': 'src/cli/main.ts' } }

const licence = readFileSync(join(root, 'node_modules/re2js/LICENSE'), 'utf8')

const files = { re2js: 'regex', './engine': 'engine', './live': 'live' }

/**
 * Leaves dynamic imports of what is a file of its own as they are. In CommonJS a file that cannot be had is asked for anew
 * each time: no other address has to be tried.
 */
const besides = (end) => ({
  name: 'besides',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(re2js|\.\/engine|\.\/live)$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${files[path]}.${end}`, external: true } : null,
    )
    if (end === 'cjs')
      onLoad({ filter: /[\\/]import-again\.ts$/ }, () => ({
        contents: 'export const importAgain = () => null',
      }))
  },
})

for (const [name, { parts, options }] of Object.entries(targets)) {
  const folder = join(root, 'providers', name)
  const dist = join(folder, 'dist')
  const entry = join(folder, 'src/index.ts')
  rmSync(dist, { recursive: true, force: true })
  for (const [format, end] of Object.entries({ esm: 'js', cjs: 'cjs' })) {
    const shared = { ...options, bundle: true, format, logLevel: 'warning' }
    for (const part of parts)
      await build({
        ...shared,
        entryPoints: [join(folder, `src/${part}.ts`)],
        outfile: join(dist, `${part}.${end}`),
        external: ['@openfeature/*'],
        plugins: [besides(end)],
        supported: { 'dynamic-import': format === 'esm' }, // CommonJS: a `require` when the time has come
      })
    if (name === 'web' && format === 'esm') leaveToTheBrowser(join(dist, 'index.js'))
    await build({
      ...shared,
      stdin: { contents: "export { RE2JS } from 're2js'", resolveDir: root },
      banner: { js: `/*! re2js\n${licence} */` },
      outfile: join(dist, `regex.${end}`),
    })
  }
  for (const [file, source] of Object.entries(commands[name] ?? {})) {
    const outfile = join(dist, file)
    const banner = { js: '#!/usr/bin/env node' }
    await build({
      ...options,
      bundle: true,
      format: 'esm',
      entryPoints: [join(folder, source)],
      outfile,
      banner,
    })
    chmodSync(outfile, 0o755)
  }
  const types = declarationsOf(entry)
  for (const file of ['index.d.ts', 'index.d.cts']) writeFileSync(join(dist, file), types)
  report(name, dist)
}

/** Minifying loses the comments that tell bundlers not to look for a file whose address is known in the page alone. */
function leaveToTheBrowser(file) {
  const code = readFileSync(file, 'utf8')
  const marked = code.replace(/\bimport\((\w+)\)/, 'import(/*webpackIgnore:true*//*@vite-ignore*/$1)')
  if (marked === code) throw new Error(`${file} imports no file by an address that it finds out itself`)
  writeFileSync(file, marked)
}

function report(name, dist) {
  for (const [file, budget] of Object.entries(name === 'web' ? WEB_BUDGETS : { 'index.js': Infinity })) {
    const code = readFileSync(join(dist, file))
    const gzipped = gzipSync(code, { level: 9 }).length
    console.log(`providers/${name}/dist/${file}: ${code.length} bytes, ${gzipped} gzipped`)
    if (gzipped > budget)
      throw new Error(`${file} of the web provider has ${gzipped} bytes gzipped; its budget is ${budget}`)
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
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project], {
      stdio: 'inherit',
    })
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
