import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'

const FRAMEWORKS = fileURLToPath(new URL('../frameworks/', import.meta.url))

/**
 * Compiles an application of tests/frameworks into one file beside its packages, and answers with the file's path.
 * Nest and Angular write decorators of the kind that TypeScript had first.
 */
export async function bundleApp(entry: string, options: BuildOptions): Promise<string> {
  const outfile = `${FRAMEWORKS}dist/${entry.replace(/\W+/g, '-')}.mjs`
  await build({
    absWorkingDir: FRAMEWORKS,
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } },
    ...options,
  })
  return outfile
}
