import { readFileSync } from 'node:fs'
import { isValid } from './draft-07'

// What the API says of itself, held against each of its answers that a test sees.

type Schema = { readonly [keyword: string]: unknown }
type Operation = { responses: Record<string, { content?: Record<string, { schema: Schema }> }> }

const api = JSON.parse(readFileSync('public/schema/openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, Operation>>
  components: Schema
}

/** Addresses with a name in them come after those that are spelled out alike. */
const routes = Object.entries(api.paths)
  .map(([path, methods]) => ({
    path,
    methods,
    like: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }))
  .sort((a, b) => a.path.split('{').length - b.path.split('{').length)

/** A schema from the document, whose references name it. */
const inside = (schema: Schema): Schema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#', '"$ref":"api#'))

/** What is wrong with an answer to a request; null: it is as the API says, or about nothing that it has. */
export function unlikeTheApi(method: string, path: string, status: number, body: unknown): string | null {
  const address = `/api/v1${path.split('?', 1)[0]}`
  const route = routes.find(({ like }) => like.test(address))
  const operation = route?.methods[method.toLowerCase()]
  if (!operation || status >= 400) return null
  const response = operation.responses[status]
  if (!response) return `${method} ${route.path} has no answer ${status}`
  const schema = response.content?.['application/json']?.schema
  if (!schema) return body === null ? null : `${method} ${route.path} has nothing to say with ${status}`
  const isAsSaid = isValid({ api: { components: api.components }, asked: inside(schema) }, 'asked', body)
  return isAsSaid
    ? null
    : `${method} ${route.path} answers what it does not say: ${JSON.stringify(body).slice(0, 500)}`
}
