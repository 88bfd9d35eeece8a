import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

type Operation = {
  'x-jackstaff-permission': string
  operationId: string
  parameters: { name?: string; in?: string }[]
  requestBody?: { content: Record<string, { schema: { additionalProperties?: unknown } }> }
}
type Document = {
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, unknown>>
}

const FILE = 'public/schema/openapi.json'
const kept = JSON.parse(readFileSync(FILE, 'utf8')) as Document
const operations = Object.values(kept.paths).flatMap((methods) => Object.values(methods))

it('is what the routes are now: npm run openapi writes it', () => {
  const program = `
    import { openApi } from './scripts/openapi-document.mjs'
    process.stdout.write(JSON.stringify(await openApi()))`
  const args = ['--input-type=module', '--eval', program]
  const made = execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  expect(JSON.parse(made)).toEqual(kept)
})

it('has each method of each route, by the permission that it declares', () => {
  const files = execFileSync('git', ['ls-files', 'app/api/v1'], { encoding: 'utf8' })
    .split('\n')
    .filter((file) => file.endsWith('/route.ts') && !file.includes('[[...'))
  const declared = files.flatMap((file) => {
    const path = file.slice('app'.length, -'/route.ts'.length).replace(/\[(\w+)\]/g, '{$1}')
    return [...readFileSync(file, 'utf8').matchAll(/^export const ([A-Z]+) =/gm)].map(
      ([, method]) => `${method} ${path}`,
    )
  })
  const described = Object.entries(kept.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(described.sort()).toEqual(declared.sort())
  expect(described.length).toBeGreaterThan(100)
  for (const operation of operations)
    expect(operation['x-jackstaff-permission']).toMatch(/^[a-z_]+:[a-z_]+$|^anyone$|^signed in$/)
})

it('names every part once, and everything that it refers to is there', () => {
  const refs = new Set(
    [...JSON.stringify(kept).matchAll(/"\$ref":"#\/components\/(\w+)\/([\w-]+)"/g)].map(([, ...at]) =>
      at.join('/'),
    ),
  )
  expect(refs.size).toBeGreaterThan(20)
  const missing = [...refs].filter((ref) => {
    const [kind, name] = ref.split('/') as [string, string]
    return !Object.hasOwn(kept.components[kind] ?? {}, name)
  })
  expect(missing).toEqual([])
  expect(JSON.stringify(kept)).not.toContain('#/$defs')
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
})

it('tells the parameters of each address', () => {
  for (const [path, methods] of Object.entries(kept.paths))
    for (const { parameters } of Object.values(methods)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      expect(parameters.filter((each) => each.in === 'path').map(({ name }) => name)).toEqual(named)
    }
})
