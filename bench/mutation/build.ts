import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { type Mutant, SOURCES } from './mutants'

const CHILD = 'bench/mutation/child.ts'
const FAST_CHECK = 'bench/mutation/fast-check.ts'
const OTHER_TESTS = ['lib/regex.test.ts']

/** The tests that a mutant has to pass to survive. */
export function testFiles(root: string): string[] {
  const own = readdirSync(join(root, SOURCES)).filter((name) => name.endsWith('.test.ts'))
  return [...own.sort().map((name) => `${SOURCES}/${name}`), ...OTHER_TESTS]
}

/** What a test file is called once it is bundled. */
function bundleOf(test: string): string {
  return test.replaceAll('/', '.').replace(/\.ts$/, '')
}

export type Bundles = {
  readonly child: string
  readonly of: (test: string) => string
  /** Whether a test has a file anywhere in it: if not, it cannot notice that it changed. */
  readonly has: (test: string, file: string) => boolean
}

/** Bundles the tests, each with an engine of its own as vitest gives it one, a mutant in its place. Throws if it is none. */
export async function bundled(
  root: string,
  folder: string,
  tests: readonly string[],
  mutant: Mutant | null,
): Promise<Bundles> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [{ in: CHILD, out: 'child' }, ...tests.map((test) => ({ in: test, out: bundleOf(test) }))],
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'silent',
    metafile: true,
    plugins: [sources(root, mutant)],
  })
  const of = (test: string) => join(folder, `${bundleOf(test)}.js`)
  return {
    child: join(folder, 'child.js'),
    of,
    has: (test, file) => file in metafile.outputs[relative(root, of(test))]!.inputs,
  }
}

const texts = new Map<string, string>()

/** Files as they are, but for one: they still know where they lie, as some read what lies beside them. */
function sources(root: string, mutant: Mutant | null): Plugin {
  const mutated = mutant && resolve(root, mutant.file)
  return {
    name: 'mutation',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^fast-check$/ }, ({ importer }) =>
        basename(importer) === basename(FAST_CHECK) ? undefined : { path: resolve(root, FAST_CHECK) },
      )
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path === mutated) return { contents: mutant!.text, loader: 'ts' }
        let contents = texts.get(path)
        if (contents === undefined) {
          const here = JSON.stringify(pathToFileURL(path).href)
          contents = readFileSync(path, 'utf8').replaceAll('import.meta.url', here)
          texts.set(path, contents)
        }
        return { contents, loader: 'ts' }
      })
    },
  }
}
