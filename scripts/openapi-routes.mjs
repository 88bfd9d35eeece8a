import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { ROOT } from './prepare.mjs'

// The routes of the API as their files declare them: `export const POST = handler(createFlag, { status: 201 })`.

const HOME = 'app/api/v1'
const IMPORT = /^import \{([^}]*)\} from '([^']+)'$/gm
const ROUTE = /^export const (GET|POST|PUT|PATCH|DELETE) = handler\((\w+)(.*)\)$/gm
const CATCH_ALL = '[[...unknown]]'

const files = () =>
  readdirSync(join(ROOT, HOME), { recursive: true })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('route.ts') && !file.includes(CATCH_ALL))
    .sort()

function declaredIn(file) {
  const text = readFileSync(join(ROOT, HOME, file), 'utf8')
  const imports = [...text.matchAll(IMPORT)].flatMap(([, names, from]) =>
    names.split(',').map((name) => [name.trim(), from]),
  )
  const home = new Map(imports)
  const path = `/${file.replace(/\/?route\.ts$/, '')}`.replace(/\[(\w+)\]/g, '{$1}')
  return [...text.matchAll(ROUTE)].map(([, method, name, dress]) => ({
    path: `/api/v1${path}`,
    method: method.toLowerCase(),
    name,
    from: home.get(name),
    status: Number(/status: (\d+)/.exec(dress)?.[1] ?? 200),
    lines: dress.includes('lines: '),
    hidden: ['session', 'browser'].filter((name) => dress.includes(`${name}: `)), // of the answer: it becomes a cookie
  }))
}

/** Every route with its operation: method, path, status, permission, and the schema of its input. */
export async function routes() {
  const declared = files().flatMap(declaredIn)
  const contents = declared
    .map(({ name, from }, i) => `export { ${name} as route${i} } from '${from}'`)
    .join('\n')
  const outfile = join(ROOT, 'dist/openapi-operations.mjs')
  await build({
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    absWorkingDir: ROOT,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    alias: { 'next/headers': 'next/headers.js', 'next/navigation': 'next/navigation.js' }, // outside of Next, names need their ends
    logLevel: 'warning',
  })
  const operations = await import(`${pathToFileURL(outfile)}?${Date.now()}`)
  return declared.map((route, i) => ({ ...route, operation: operations[`route${i}`] }))
}
