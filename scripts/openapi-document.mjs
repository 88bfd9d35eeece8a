import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { answersOf } from './openapi-answers.mjs'
import { routes } from './openapi-routes.mjs'
import { Shapes } from './openapi-shapes.mjs'
import { ROOT } from './prepare.mjs'

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong, the rule, and the way out.' },
    requestId: { type: 'string', description: 'As in the log and in the audit trail.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
}

const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  description:
    'The ETag that was read, for what has versions: 428 without it, 412 where somebody was faster.',
  schema: { type: 'string' },
}
const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'A repeat with the same key gets the first answer, for 24 hours.',
  schema: { type: 'string', maxLength: 255 },
}
const CONFIRM = {
  description: 'The protected environments that are meant, by name, where their policy asks for it.',
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, maxItems: 50 }],
}

const withoutPath = (schema, named) => {
  const { $schema: _, properties = {}, required = [], ...rest } = schema
  const kept = Object.entries(properties).filter(([name]) => !named.includes(name))
  const needed = required.filter((name) => !named.includes(name))
  return { ...rest, properties: Object.fromEntries(kept), ...(needed.length > 0 && { required: needed }) }
}

/** `listFlags` -> `List flags` */
const titled = (name) =>
  name.replace(/^./, (c) => c.toUpperCase()).replace(/[A-Z]/g, (c, i) => (i ? ` ${c.toLowerCase()}` : c))

/** What an address is about: below a project, and below an environment, what comes next. */
function groupOf(path) {
  const [first, ...rest] = path
    .replace('/api/v1/', '')
    .split('/')
    .filter((part) => !part.startsWith('{'))
  const [second, third] = rest
  if (first !== 'projects' || second === undefined) return first
  return second === 'environments' ? (third ?? second) : second
}

const inputOf = ({ operation }) =>
  z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any', target: 'draft-2020-12' })

function parametersOf(schema, named, method) {
  const path = named.map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: schema.properties?.[name] ?? { type: 'string' },
  }))
  if (method !== 'get')
    return [
      ...path,
      ...(method === 'post' ? [] : [{ $ref: '#/components/parameters/IfMatch' }]),
      { $ref: '#/components/parameters/IdempotencyKey' },
    ]
  const { properties, required = [] } = withoutPath(schema, named)
  const query = Object.entries(properties).map(([name, shape]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: shape,
  }))
  return [...path, ...query]
}

function bodyOf(schema, named, operation) {
  const body = withoutPath(schema, named)
  const properties = { ...body.properties, ...(operation.part && { confirm: CONFIRM }) }
  if (Object.keys(properties).length === 0 && !body.anyOf && !body.oneOf) return undefined
  return {
    required: (body.required ?? []).length > 0,
    content: { 'application/json': { schema: { ...body, properties } } },
  }
}

const DONE = 'It is done. ETag names its version; X-Jackstaff-Version names the configs it published.'

/** Where an operation may have nothing to say, that is a success as well. */
function responsesOf({ status, lines, method }, { schema, maySayNothing }) {
  const content = {
    'application/json': { schema },
    ...(lines && { 'application/x-ndjson': { schema: { type: 'string' } } }),
  }
  return {
    ...(schema && { [status]: { description: method === 'get' ? 'What is asked for.' : DONE, content } }),
    ...(maySayNothing && { 204: { description: 'It is done, and there is nothing to say.' } }),
    default: { $ref: '#/components/responses/Problem' },
  }
}

function described(route, answer, shapes) {
  const { path, method, name, operation } = route
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, each]) => each)
  const schema = shapes.take(inputOf(route))
  return {
    operationId: `${method}_${path.replace('/api/v1/', '').replace(/[{}]/g, '').replaceAll(/[/-]/g, '_')}`,
    summary: titled(name),
    tags: [groupOf(path)],
    'x-jackstaff-permission': operation.permission,
    ...(operation.permission === 'anyone' && { security: [] }),
    parameters: parametersOf(schema, named, method),
    ...(method !== 'get' && { requestBody: bodyOf(schema, named, operation) }),
    responses: responsesOf(route, answer),
  }
}

/** The API as OpenAPI 3.1. */
export async function openApi() {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const paths = {}
  const shapes = new Shapes()
  const declared = await routes()
  const { answers, named } = answersOf(declared)
  for (const [i, route] of declared.entries()) {
    paths[route.path] ??= {}
    paths[route.path][route.method] = described(route, answers[i], shapes)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Jackstaff',
      version,
      description:
        'The one door for changes: the dashboard, automation and the jackstaff command use it alike.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A personal or a service token.' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-jackstaff.session' },
      },
      parameters: { IfMatch: IF_MATCH, IdempotencyKey: IDEMPOTENCY_KEY },
      responses: {
        Problem: {
          description: 'RFC 9457.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      schemas: { Problem: PROBLEM, ...named, ...shapes.all() },
    },
  }
}
