import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BuildOptions, build } from 'esbuild'
import type { Ctx } from '@/lib/control/context'
import type { Needed } from '@/lib/control/operation'

const ROOT = resolve(import.meta.dirname, '../..')

/** A method of a route, and the operation that it is a handler of. */
export type Route = { method: string; route: string; operation: string; from: string }

const EXPORT = /^export const ([A-Z]+) = (?:handler|scim)\(\s*(\w+)/gm
const IMPORT = /import \{([^}]+)\} from '([^']+)'/g

/** The manifest: every route of the API and of SCIM, read from its files. */
export function manifest(): Route[] {
  const files = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', 'app/api/v1', 'app/scim'],
    {
      cwd: ROOT,
      encoding: 'utf8',
    },
  )
    .split('\n')
    .filter((file) => file.endsWith('/route.ts') && !file.includes('[[...unknown]]'))
  return files.flatMap((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8')
    const imported = new Map(
      [...text.matchAll(IMPORT)].flatMap(([, names, from]) =>
        names!.split(',').map((name) => [name.trim(), from!] as const),
      ),
    )
    const route = file.replace(/^app(\/api\/v1)?/, '').replace(/\/route\.ts$/, '')
    return [...text.matchAll(EXPORT)].map(([, method, operation]) => ({
      method: method!,
      route,
      operation: operation!,
      from: imported.get(operation!)!,
    }))
  })
}

type Called = { answer(ctx: Ctx, input: unknown): Promise<unknown>; permission: Needed }

export type Operations = {
  operations: Record<string, Called>
  /** What an operation asks for from now on, in place of what it declares; null: what it declares. */
  mutate(operation: string | null, needed?: Needed): void
  statusOf(error: unknown): number | null
  close(): Promise<void>
}

const DECLARED = /^(export const (\w+) = (?:mutation|query|action)\(\{\n {2})permission: ('[^']+'),/gm

/** Reads each declaration at the time of the call: it can be another one for a while. */
const mutable = {
  name: 'mutable-permissions',
  setup(builder: Parameters<NonNullable<BuildOptions['plugins']>[number]['setup']>[0]) {
    builder.onLoad({ filter: /\/lib\/(control|auth)\/.*\.ts$/ }, ({ path }) => ({
      loader: 'ts' as const,
      contents: readFileSync(path, 'utf8').replace(
        DECLARED,
        '$1get permission() { return globalThis.mutant?.operation === "$2" ? globalThis.mutant.needed : $3 },',
      ),
    }))
  },
}

/** All operations of the manifest as they are, save that what one asks for can be changed while they run. */
export async function mutableOperations(routes: readonly Route[], outfile: string): Promise<Operations> {
  const lines = new Set(routes.map(({ operation, from }) => `import { ${operation} } from '${from}'`))
  const names = [...new Set(routes.map(({ operation }) => operation))]
  await build({
    absWorkingDir: ROOT,
    stdin: {
      contents: [
        ...lines,
        "import { ControlError } from '@/lib/control/errors'",
        "import { statusOf as status } from '@/lib/http/problem'",
        "export { closeDatabase as close } from '@/db/client'",
        `export const operations = { ${names.join(', ')} }`,
        'export const statusOf = (error) => (error instanceof ControlError ? status(error) : null)',
      ].join('\n'),
      resolveDir: ROOT,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    plugins: [mutable],
    logLevel: 'error',
  })
  const shared = globalThis as { mutant?: { operation: string; needed: Needed } | undefined }
  const built = (await import(pathToFileURL(outfile).href)) as Omit<Operations, 'mutate'>
  return {
    ...built,
    mutate: (operation, needed) => {
      shared.mutant = operation === null ? undefined : { operation, needed: needed! }
    },
  }
}
