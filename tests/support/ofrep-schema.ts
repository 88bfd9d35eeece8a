import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isValid } from './draft-07'
import { readYaml } from './yaml'

// OFREP 0.3, with the defects of its schemas mended: see ../shared/data/README.md.

type Schema = Record<string, unknown>

const specification = readYaml(
  readFileSync(fileURLToPath(new URL('../../../shared/data/ofrep/openapi.yaml', import.meta.url)), 'utf8'),
) as { components: { schemas: Record<string, Schema> }; paths: Record<string, { post: Operation }> }

type Operation = { responses: Record<string, { content?: { 'application/json'?: { schema: Schema } } }> }

/** Words about a schema; `contentSchema` says what is in a text, which is read apart. */
const SILENT = new Set(['example', 'examples', 'default', 'format', 'contentMediaType', 'contentSchema'])

/** The reasons of OpenFeature lack two here, and the error codes two: both are read as text. */
const OPEN_ENUMS = new Set(['reason', 'errorCode'])

/** `inside`: the name under which a schema stands. Of the types of a value several may hold: a whole number is a number. */
function mended(node: unknown, inside = ''): unknown {
  if (Array.isArray(node)) return node.map((item) => mended(item))
  if (typeof node !== 'object' || node === null) return node
  const isNames = inside === 'properties' || inside === 'schemas'
  const entries = Object.entries(node).filter(
    ([name]) => isNames || !(SILENT.has(name) || (name === 'enum' && OPEN_ENUMS.has(inside))),
  )
  return Object.fromEntries(
    entries.map(([name, inner]) => {
      const ofValues = name === 'oneOf' && JSON.stringify(inner).includes('codeDefaultFlag')
      return [ofValues ? 'anyOf' : name, mended(inner, name)]
    }),
  )
}

const document = mended(specification.components.schemas, 'schemas') as Record<string, Schema>
const documents = { openapi: { components: { schemas: document } } } as unknown as Record<string, Schema>

const ONE = '/ofrep/v1/evaluate/flags/{key}'
const ALL = '/ofrep/v1/evaluate/flags'
export const operations = { one: ONE, all: ALL } as const

/** Whether a value keeps to a schema of the specification. */
export function isOfrep(schema: string, value: unknown): boolean {
  const $ref = `#/components/schemas/${schema}`
  return isValid({ ...documents, asked: { $ref: `openapi${$ref}` } }, 'asked', value)
}

/** Whether an answer is one that the specification has for its status, and its body what it says there. */
export function isSpecified(operation: keyof typeof operations, status: number, body: unknown): boolean {
  const response = specification.paths[operations[operation]]!.post.responses[status]
  if (!response) return false
  const schema = response.content?.['application/json']?.schema.$ref as string | undefined
  return schema === undefined || isOfrep(schema.split('/').at(-1)!, body)
}
