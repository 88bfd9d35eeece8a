import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build, type OutputFile } from 'esbuild'
import type { Pair } from './pairs'

export type Size = { readonly raw: number; readonly gzip: number; readonly brotli: number }

export type Bundle = {
  /** What a page loads before it can ask for a flag. */
  readonly first: Size
  /** What every page loads next, beside its first request. */
  readonly next: Size
  /** What may be loaded later, when a config needs it. */
  readonly later: Size
}

const BENCH = join(process.cwd(), 'bench')
const oneCopyOf = (name: string) => join(BENCH, 'node_modules', name)

/** The part of an application that every pair needs: bind a provider, and ask for a flag. */
const application = ({ provider }: Pair) => `
  import { OpenFeature } from '@openfeature/web-sdk'
  ${provider}
  export const start = (...options) => OpenFeature.setProviderAndWait(make(...options))
  export const ask = (key) => OpenFeature.getClient().getBooleanValue(key, false)
`

/** Bundled and minified as for production, each file compressed by itself, as a server sends it. */
export async function measure(pair: Pair): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: application(pair), resolveDir: BENCH, sourcefile: 'application.js' },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    outdir: 'out',
    write: false,
    metafile: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    // Everyone with the same release of the SDK, once.
    alias: {
      '@openfeature/web-sdk': oneCopyOf('@openfeature/web-sdk'),
      '@openfeature/core': oneCopyOf('@openfeature/core'),
    },
    logLevel: 'error',
  })
  const entry = Object.keys(metafile.outputs).find((file) => metafile.outputs[file]!.entryPoint)!
  const needed = new Set([entry])
  for (const file of needed)
    for (const { path, kind } of metafile.outputs[file]!.imports)
      if (kind === 'import-statement') needed.add(path)
  const isOf = (files: Iterable<string>) => {
    const names = new Set([...files].map((file) => basename(file)))
    return ({ path }: OutputFile) => names.has(basename(path))
  }
  const isNeeded = isOf(needed)
  const isNext = isOf(
    Object.keys(metafile.outputs).filter((file) =>
      pair.importsNext?.includes(basename(metafile.outputs[file]!.entryPoint ?? '')),
    ),
  )
  await mustRun(pair.name, outputFiles, basename(entry))
  return {
    first: sizeOf(outputFiles.filter(isNeeded)),
    next: sizeOf(outputFiles.filter(isNext)),
    later: sizeOf(outputFiles.filter((file) => !isNeeded(file) && !isNext(file))),
  }
}

/** A bundle that lost something on the way would be small, and no use. */
async function mustRun(name: string, files: readonly OutputFile[], entry: string) {
  const folder = mkdtempSync(join(tmpdir(), 'jackstaff-bundle-'))
  try {
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    for (const { path, contents } of files) writeFileSync(join(folder, basename(path)), contents)
    const { make, ask } = await import(pathToFileURL(join(folder, entry)).href)
    if (typeof make !== 'function' || ask('flag') !== false)
      throw new Error(`${name}: the bundle does not run`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function sizeOf(files: readonly OutputFile[]): Size {
  const sum = (of: (contents: Uint8Array) => number) =>
    files.reduce((total, { contents }) => total + of(contents), 0)
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
  return {
    raw: sum(({ length }) => length),
    gzip: sum((contents) => gzipSync(contents, { level: constants.Z_BEST_COMPRESSION }).length),
    brotli: sum((contents) => brotliCompressSync(contents, brotli).length),
  }
}
