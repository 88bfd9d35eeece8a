import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SUITES_WITH_DATA } from '../scripts/reference-data.mjs'

// docs/ARCHITECTURE.md says why; this holds it.

const ROOT = resolve(import.meta.dirname, '..')
const CONFIG = join(ROOT, '.dependency-cruiser.cjs')
const ENTRIES = ['app', 'lib', 'db', 'providers', 'server.ts', 'edge.ts']
const MAX_LINES = 400
const API = /^export const (GET|POST|PUT|PATCH|DELETE) = handler\(.*\)$/
const SCIM = /^export const (GET|POST|PUT|PATCH|DELETE) = scim\(.*\)$/
/** What identity providers send browsers to, and fetch. */
const AUTH = /^export const (GET|POST) = (arrival|xml)\(.*\)$/
const dressOf = (file: string) =>
  file.startsWith('app/scim/') ? SCIM : file.startsWith('app/api/auth/') ? AUTH : API

type Violation = { from: string; to: string; rule: { name: string } }
type Cruise = { summary: { violations: Violation[]; totalCruised: number } }

function cruise(cwd: string, paths: readonly string[]): Cruise['summary'] {
  const bin = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const args = [bin, '--config', CONFIG, '--output-type', 'json', ...paths]
  const options = { cwd, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 } as const
  try {
    return (JSON.parse(execFileSync(process.execPath, args, options)) as Cruise).summary
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    if (!stdout) throw new Error(`dependency-cruiser failed: ${stderr}`)
    return (JSON.parse(stdout) as Cruise).summary
  }
}

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(ROOT, file)))
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const code = tracked.filter(
  (file) => /\.(ts|tsx|mjs|cjs|css)$/.test(file) && !file.startsWith('db/migrations/'),
)

describe('the import rules', () => {
  it('hold over every module of the house', () => {
    const sources = tracked.filter(
      (file) =>
        /\.tsx?$/.test(file) && ENTRIES.some((entry) => file === entry || file.startsWith(`${entry}/`)),
    )
    const { violations, totalCruised } = cruise(ROOT, ENTRIES)
    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([])
    // A parser that silently reads nothing would pass the line above.
    expect(totalCruised).toBeGreaterThanOrEqual(sources.length)
  })

  /** rule -> a file that breaks it, and what it imports. */
  const planted: Record<string, [from: string, to: string]> = {
    'evaluation-is-pure': ['lib/evaluation/planted.ts', 'lib/env.ts'],
    'interop-is-pure': ['lib/interop/planted.ts', 'lib/env.ts'],
    'providers-stand-alone': ['providers/server/src/planted.ts', 'lib/env.ts'],
    'providers-do-not-mix': ['providers/web/src/planted.ts', 'providers/server/src/index.ts'],
    'sync-knows-no-sdk': ['providers/sync/planted.ts', 'node_modules/@openfeature/server-sdk/index.js'],
    'planes-meet-in-postgres': ['lib/control/planted.ts', 'lib/delivery/stream.ts'],
    'delivery-is-light': ['lib/delivery/planted.ts', 'lib/control/publish.ts'],
    'edge-reaches-no-next': ['edge.ts', 'lib/reaches-next.ts'],
    'control-knows-no-http': ['lib/control/planted-http.ts', 'lib/http/problem.ts'],
    'lib-never-imports-app': ['lib/planted.ts', 'app/page.tsx'],
    'db-is-below': ['db/planted.ts', 'lib/log.ts'],
    'browser-code-stays-in-the-browser': ['app/_components/planted.tsx', 'db/client.ts'],
    'ui-knows-no-flags': ['app/_ui/planted.tsx', 'lib/paths.ts'],
    'next-auth-in-one-place': ['lib/auth/planted.ts', 'node_modules/next-auth/index.js'],
    'grpc-in-one-place': ['lib/delivery/planted-grpc.ts', 'node_modules/@grpc/grpc-js/index.js'],
    'no-test-code-in-production': ['lib/planted-test.ts', 'tests/support/helper.ts'],
    'no-cycles': ['lib/cycle-a.ts', 'lib/cycle-b.ts'],
    'no-orphans': ['lib/orphan.ts', ''],
  }

  let fired: Set<string>
  const directory = mkdtempSync(join(tmpdir(), 'jackstaff-planted-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  beforeAll(() => {
    const put = (file: string, text: string) => {
      mkdirSync(dirname(join(directory, file)), { recursive: true })
      writeFileSync(join(directory, file), text, { flag: 'a' })
    }
    const up = (file: string) => '../'.repeat(file.split('/').length - 1) || './'
    for (const [from, to] of Object.values(planted)) {
      if (to !== '' && !existsSync(join(directory, to))) put(to, 'export const x = 1\n')
      put(from, to === '' ? 'export const alone = 1\n' : `import '${up(from)}${to.replace(/\.tsx?$/, '')}'\n`)
    }
    put('lib/reaches-next.ts', "import '../node_modules/next/index'\n")
    put('node_modules/next/index.js', 'module.exports = 1\n')
    put('lib/cycle-b.ts', "import './cycle-a'\n")
    put('tsconfig.json', '{ "compilerOptions": { "jsx": "react-jsx" } }')
    for (const name of ['app', 'lib', 'db', 'providers'])
      mkdirSync(join(directory, name), { recursive: true })
    const { violations } = cruise(directory, ['app', 'lib', 'db', 'providers', 'edge.ts'])
    fired = new Set(violations.map(({ rule, from }) => `${rule.name} ${from}`))
  })

  const rules: { name: string }[] = createRequire(import.meta.url)(CONFIG).forbidden
  it.each(rules.map(({ name }) => name))('%s fires on a planted violation', (name) => {
    expect(planted[name], `plant a violation of ${name}`).toBeDefined()
    expect(fired).toContain(`${name} ${planted[name]![0]}`)
  })
})

describe('the files', () => {
  it(`stay under ${MAX_LINES} lines`, () => {
    expect(code.filter((file) => read(file).split('\n').length > MAX_LINES)).toEqual([])
  })

  it('open transactions in the write path alone', () => {
    // An event is no change: its entry has a transaction of its own, which nothing else is part of.
    const allowed = ['lib/control/events.ts', 'lib/control/mutation.ts']
    const found = code.filter((file) => /^(app|lib|db)\//.test(file) && /\.transaction\(/.test(read(file)))
    expect(found).toEqual(allowed)
  })

  it('export operations alone, in the dress of their kind', () => {
    const routes = tracked.filter((file) => /^app\/(api\/v1|api\/auth|scim\/v2)\/.*route\.ts$/.test(file))
    expect(routes.length).toBeGreaterThan(15)
    const odd = routes.filter((file) =>
      read(file)
        .split('\n')
        .some(
          (line) =>
            line !== '' &&
            !/^import \{[^}]*\} from '@\/lib\/(control(\/(people|scim|changes|sso))?|auth(\/sso)?|http)\/[a-z-]+'$/.test(
              line,
            ) &&
            !dressOf(file).test(line),
        ),
    )
    expect(odd).toEqual([])
  })

  it('declare a permission for every operation', () => {
    const operations = code.filter((file) =>
      /^export const \w+ = (mutation|query|action)\(\{/m.test(read(file)),
    )
    expect(operations.length).toBeGreaterThan(8)
    for (const file of operations) {
      const text = read(file)
      const declared = text.match(
        /^export const \w+ = (mutation|query|action)\(\{\n {2}permission: /gm,
      )?.length
      expect(declared, file).toBe(text.match(/^export const \w+ = (mutation|query|action)\(\{/gm)!.length)
    }
  })

  it('generate no code from strings', () => {
    const generated = code.filter(
      (file) => /^(app|lib|providers)\//.test(file) && /\beval\(|new Function\(/.test(read(file)),
    )
    expect(generated.filter((file) => !file.endsWith('.test.ts'))).toEqual([])
  })
})

describe('the suites', () => {
  it('that compare with documents of others are named, so that a clone without these leaves them out', () => {
    const readers = /from '[./\w-]+\/(?:ofrep-schema|flagd-schema|specification)'/
    const reading = code.filter((file) => file.endsWith('.test.ts') && readers.test(read(file)))
    expect(reading.sort()).toEqual(SUITES_WITH_DATA.toSorted())
  })
})

describe('the documents', () => {
  it('link to files that exist', () => {
    const broken = tracked
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) =>
        [...read(file).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
          .map(([, target]) => target!)
          .filter((target) => !existsSync(resolve(ROOT, dirname(file), target)))
          .map((target) => `${file} -> ${target}`),
      )
    expect(broken).toEqual([])
  })

  it('name only npm scripts that exist', () => {
    const scriptsIn = (file: string) =>
      existsSync(join(ROOT, file))
        ? Object.keys((JSON.parse(read(file)) as { scripts?: object }).scripts ?? {})
        : []
    const unknown = tracked
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) => {
        const known = [...scriptsIn('package.json'), ...scriptsIn(join(dirname(file), 'package.json'))]
        const named = [...read(file).matchAll(/npm run ([a-z][a-z:-]*)/g)].map(([, name]) => name!)
        return named.filter((name) => !known.includes(name)).map((name) => `${file}: ${name}`)
      })
    expect(unknown).toEqual([])
  })
})
