import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Actor, anonymous, type Ctx, systemContext } from '@/lib/control/context'
import type { Needed } from '@/lib/control/operation'
import { grantOf, INSTALLATION, inProject, type Place, type Role, roles } from '@/lib/control/roles'
import { provide } from '@/lib/env'
import { everyone, expectedIn, isOwn, type Line, matrix, SHOP, type Where } from '../support/authorization'
import { freshDatabase, type TestDatabase } from '../support/database'
import { share } from '../support/jackstaff'
import { manifest, mutableOperations, type Operations, type Route } from '../support/operations'
import { withSql } from '../support/people'

// The matrix is worth what it notices. Each route's permission is taken away, and replaced by others: each time at least
// one cell of the matrix must turn red. The operations run here without HTTP, against a Postgres, with their declarations
// changed while they run.

const OUTFILE = join(import.meta.dirname, '../../dist/mutable-operations.mjs')

const places = {
  'the installation': INSTALLATION,
  'the project': inProject('shop'),
  'its environment': { project: 'shop', environment: 'production' },
  'another project': inProject('other'),
} satisfies Partial<Record<Where, Place>>

type Cell = { name: string; actor: Actor; role: Role; where: Where }

const actors: Cell[] = Object.entries(places).flatMap(([where, place]) =>
  everyone.map((role) => ({
    name: `${role} of ${where}`,
    role,
    where: where as Where,
    actor: { kind: 'service' as const, id: 'svc_1', name: role, grants: [grantOf(role, place)] },
  })),
)

const PERSON = {
  kind: 'user',
  id: 'ana',
  via: { session: 'ses_1', method: 'link', authenticatedAt: Date.now() },
} as const

const admins = ['admin'] as const
const nobody = '00000000-0000-4000-8000-000000000000'
const user = { userName: 'ana@example.com' }

/** What SCIM and the doors answer, beside the matrix of the API. */
const others: readonly Line[] = [
  ...['ServiceProviderConfig', 'ResourceTypes', 'ResourceTypes/User', 'Schemas', 'Users', 'Groups'].map(
    (path): Line => ['GET', `/scim/v2/${path}`, admins, 200],
  ),
  ['GET', `/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User`, admins, 200],
  ['POST', '/scim/v2/Users', admins, 422, { userName: 7 }],
  ['GET', `/scim/v2/Users/${nobody}`, admins, 404],
  ['PUT', `/scim/v2/Users/${nobody}`, admins, 404, user],
  ['PATCH', `/scim/v2/Users/${nobody}`, admins, 404, {}],
  ['DELETE', `/scim/v2/Users/${nobody}`, admins, 404],
  ['POST', '/scim/v2/Groups', admins, 422, { displayName: 7 }],
  ['GET', `/scim/v2/Groups/${nobody}`, admins, 404],
  ['PUT', `/scim/v2/Groups/${nobody}`, admins, 404, { displayName: 'A' }],
  ['PATCH', `/scim/v2/Groups/${nobody}`, admins, 404, {}],
  ['DELETE', `/scim/v2/Groups/${nobody}`, admins, 404],
]
/** For a person: a service has nothing of its own. */
const own: readonly Line[] = [
  ['GET', '/me', everyone, 200],
  ['GET', '/me/sessions', everyone, 200],
  ['DELETE', '/me/sessions', everyone, 200],
  ['DELETE', '/me/sessions/nothing', everyone, 404],
  ['GET', '/me/tokens', everyone, 200],
  ['POST', '/me/tokens', everyone, 422, { name: '' }],
  ['DELETE', '/me/tokens/nothing', everyone, 404],
  ['GET', '/me/identities', everyone, 200],
  ['POST', '/me/identities', everyone, 404, { connection: 'nothing' }],
  ['DELETE', '/me/identities/nothing', everyone, 404],
]
const lines: readonly Line[] = [...matrix.filter(([, path]) => !isOwn(path)), ...others, ...own]

const doors: Record<string, { status: number; body: object }> = {
  '/setup': { status: 403, body: { token: 'x', name: 'Ana', email: 'ana@example.com' } },
  '/sign-in': { status: 403, body: { token: 'x' } },
  '/sign-in/sso': { status: 404, body: { connection: 'nothing' } },
  '/sign-in/break-glass': { status: 404, body: { passphrase: 'x', reason: 'x' } },
  '/sign-out': { status: 200, body: { session: null } },
}

const routes = manifest()
let database: TestDatabase
let all: Operations
const context = (actor: Actor, headers: Record<string, string> = {}): Ctx => ({
  ...systemContext('mutant'),
  actor,
  ifMatch: headers['if-match'] === undefined ? null : [headers['if-match']],
})

async function statusOf(operation: string, ctx: Ctx, input: unknown): Promise<number> {
  try {
    await all.operations[operation]!.answer(ctx, input)
    return 200
  } catch (error) {
    return all.statusOf(error) ?? 500
  }
}

beforeAll(async () => {
  database = await freshDatabase()
  provide('DATABASE_URL', database.url)
  provide('JACKSTAFF_SECRET', 'x'.repeat(32))
  all = await mutableOperations(routes, OUTFILE)
  await withSql(
    { databaseUrl: database.url },
    (sql) => sql`insert into app_user (id, name, email) values ('ana', 'Ana', 'ana@example.com')`,
  )
  const made = async (operation: string, input: object, ifMatch?: string) => {
    const headers = ifMatch === undefined ? undefined : { 'if-match': ifMatch }
    await all.operations[operation]!.answer(context(systemContext('seed').actor, headers), input)
  }
  await made('createProject', { key: 'shop', name: 'Shop' })
  await made('createProject', { key: 'other', name: 'Other' })
  for (const segment of ['used', 'idle'])
    await made('createSegment', { project: 'shop', key: segment, name: segment })
  for (const flag of ['checkout', 'user'])
    await made('createFlag', {
      project: 'shop',
      key: flag,
      name: flag,
      type: 'boolean',
      browser: flag === 'checkout',
    })
  const rules = [{ id: 'r', when: { segment: 'used' }, serve: { variant: 'on' } }]
  await made(
    'putTargeting',
    { project: 'shop', flag: 'user', environment: 'production', ...share(50), rules },
    '1',
  )
})
afterAll(async () => {
  await all?.close()
  await database?.drop()
  rmSync(OUTFILE, { force: true })
})

/** The line's operation and what it is given: what the address names, and the body or the query. */
function callOf(line: Line, { route, operation }: Route) {
  const [, path, , , body] = line
  const [address, search] = path.split('?')
  const names = [...route.matchAll(/\[(\w+)\]/g)].map(([, name]) => name!)
  const pattern = new RegExp(`^${route.replace(/\[\w+\]/g, '([^/]+)')}$`)
  const values = pattern.exec(address!)!.slice(1)
  const named = Object.fromEntries(names.map((name, i) => [name, values[i]]))
  const query = Object.fromEntries(new URLSearchParams(search))
  if (!route.startsWith('/scim/')) return { operation, input: { ...query, ...(body as object), ...named } }
  return { operation, input: { ...named, ...(line[0] === 'GET' ? { query } : { resource: body ?? {} }) } }
}

const fits = (line: Line, { method, route }: Route) =>
  line[0] === method && new RegExp(`^${route.replace(/\[\w+\]/g, '[^/]+')}(\\?|$)`).test(line[1])

/** The first cell of a route that is not as the matrix has it; null where all are. */
async function redCell(route: Route): Promise<string | null> {
  const door = doors[route.route]
  if (door) {
    const status = await statusOf(route.operation, context(anonymous), door.body)
    return status === door.status ? null : `nobody: ${status}, not ${door.status}`
  }
  for (const line of lines.filter((each) => fits(each, route))) {
    const { operation, input } = callOf(line, route)
    const stranger = await statusOf(operation, context(anonymous, line[5]), input)
    if (stranger !== 401) return `nobody: ${stranger}, not 401`
    for (const { name, actor, role, where } of actors) {
      const isAboutThem = isOwn(line[1])
      const asked = context(isAboutThem ? { ...actor, ...PERSON } : actor, line[5])
      const status = await statusOf(operation, asked, input)
      const wanted = isAboutThem ? line[3] : expectedIn(line, { role, where })
      if (status !== wanted) return `${name}: ${status}, not ${wanted}`
    }
  }
  return null
}

/** One permission that each role, and those above it, holds. */
const levels = {
  viewer: 'project:read',
  editor: 'flag:write',
  publisher: 'flag:publish',
  admin: 'member:write',
} as const

const lowest = (needed: Needed) =>
  needed === 'anyone' || needed === 'signed in'
    ? null
    : everyone.find((role) => (roles[role] as readonly string[]).includes(needed))!

function mutantsOf(declared: Needed): Needed[] {
  const own = lowest(declared)
  const replaced = everyone.filter((role) => role !== own).map((role): Needed => levels[role])
  return [...(['anyone', 'signed in'] as const).filter((needed) => needed !== declared), ...replaced]
}

describe('the authorization matrix', () => {
  it('is green as the routes are', async () => {
    const red: string[] = []
    for (const route of routes) {
      const found = await redCell(route)
      if (found !== null) red.push(`${route.method} ${route.route}: ${found}`)
    }
    expect(red).toEqual([])
    expect(routes.length).toBeGreaterThan(110)
    expect(routes.filter((route) => !lines.some((line) => fits(line, route)) && !doors[route.route])).toEqual(
      [],
    )
  }, 120_000)

  it('turns red for every route whose permission is removed or replaced', async () => {
    const survivors: string[] = []
    let killed = 0
    for (const route of routes) {
      for (const needed of mutantsOf(all.operations[route.operation]!.permission)) {
        all.mutate(route.operation, needed)
        const found = await redCell(route)
        if (found === null) survivors.push(`${route.method} ${route.route} with "${needed}"`)
        else killed++
      }
      all.mutate(null)
    }
    console.log(
      `${killed} mutants of the permissions of ${routes.length} routes, ${survivors.length} unnoticed`,
    )
    expect(survivors).toEqual([])
  }, 180_000)

  it('is about the project it is asked in', () => {
    expect(matrix.filter(([, path]) => path.startsWith(SHOP)).length).toBeGreaterThan(50)
  })
})
