import document from '@/public/schema/openapi.json'

// The API as /schema/openapi.json has it, in the form that its pages show.

export type Schema = {
  $ref?: string
  type?: string | string[]
  description?: string
  format?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  maxItems?: number
}
type Parameter = { $ref?: string; name: string; in: string; required?: boolean; schema: Schema }
type Content = Record<string, { schema: Schema }>
export type Operation = {
  operationId: string
  summary: string
  tags: string[]
  'x-jackstaff-permission': string
  parameters: Parameter[]
  requestBody?: { content: Content }
  responses: Record<string, { description?: string; content?: Content }>
}
export type Route = Operation & { method: string; path: string; anchor: string }
export type Group = { name: string; routes: Route[] }

const api = document as unknown as {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

const PREFIX = '#/components/schemas/'
export const nameIn = (ref: string) => ref.slice(PREFIX.length)
export const schemaNamed = (name: string): Schema => api.components.schemas[name] ?? {}

const routes: Route[] = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    ...operation,
    method: method.toUpperCase(),
    path,
    anchor: operation.operationId,
  })),
)

/** What people come for first; the rest by the alphabet. */
const FIRST = ['projects', 'flags', 'segments', 'environments', 'changes', 'versions', 'keys']
const rank = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length)

/** The whole before its parts, and reading before changing. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
const depth = ({ path }: Route) => path.split('/').length
const inOrder = (a: Route, b: Route) =>
  depth(a) - depth(b) || a.path.localeCompare(b.path) || METHODS.indexOf(a.method) - METHODS.indexOf(b.method)

export const groups: readonly Group[] = [...new Set(routes.map(({ tags: [tag] }) => tag!))]
  .map((name) => ({ name, routes: routes.filter(({ tags }) => tags[0] === name).sort(inOrder) }))
  .sort((a, b) => rank(a.name) - rank(b.name) || a.name.localeCompare(b.name))

export const groupNamed = (name: string) => groups.find((group) => group.name === name) ?? null

/** The names that a schema refers to, and those that they refer to, in the order in which a reader meets them. */
export function typesIn(schemas: readonly Schema[]): string[] {
  const found = new Set<string>()
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      if (key !== '$ref' || typeof inner !== 'string') look(inner)
      else if (!found.has(nameIn(inner))) {
        found.add(nameIn(inner))
        look(schemaNamed(nameIn(inner)))
      }
    }
  }
  for (const schema of schemas) look(schema)
  return [...found]
}

const jsonOf = (content: Content | undefined) => content?.['application/json']?.schema ?? null
export const bodyOf = ({ requestBody }: Route) => jsonOf(requestBody?.content)

/** The answers of a success: its status, and what is in it. */
export const answersOf = ({ responses }: Route) =>
  Object.entries(responses)
    .filter(([status]) => status !== 'default')
    .map(([status, { description = '', content }]) => ({ status, description, schema: jsonOf(content) }))

export const parametersOf = ({ parameters }: Route, place: 'path' | 'query') =>
  parameters.filter((parameter) => parameter.in === place)

/** Whether the route takes what has a version, and so an ETag. */
export const takesIfMatch = ({ parameters }: Route) =>
  parameters.some(({ $ref }) => $ref?.endsWith('/IfMatch') ?? false)

/** A request that says what must be said, as `curl` sends it. */
export function curlOf(route: Route): string {
  const { method, path } = route
  const body = bodyOf(route)
  const lines = [
    `curl${method === 'GET' ? '' : ` -X ${method}`} -H "Authorization: Bearer $JACKSTAFF_TOKEN"`,
    ...(takesIfMatch(route) && method !== 'DELETE' ? [`-H 'If-Match: "<the ETag that was read>"'`] : []),
    ...(body ? ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(sample(body, 0))}'`] : []),
    `"$JACKSTAFF_URL${path.replaceAll(/\{(\w+)\}/g, '<$1>')}"`,
  ]
  return lines.join(' \\\n  ')
}

const DEEPEST = 4

/** The smallest value that a schema takes, in words where it may be many things. */
function sample(schema: Schema, depth: number): unknown {
  if (schema.$ref) return sample(schemaNamed(nameIn(schema.$ref)), depth)
  if ('const' in schema) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return sample(schema.anyOf[0]!, depth)
  const [type] = [schema.type ?? 'object'].flat()
  if (type === 'string') return schema.format === 'date-time' ? '2027-01-31T09:00:00Z' : '…'
  if (type === 'number' || type === 'integer') return schema.minimum ?? 0
  if (type === 'boolean') return true
  if (type === 'array') return depth < DEEPEST && schema.items ? [sample(schema.items, depth + 1)] : []
  const { properties = {}, required = [] } = schema
  if (depth >= DEEPEST) return {}
  return Object.fromEntries(required.map((name) => [name, sample(properties[name] ?? {}, depth + 1)]))
}
