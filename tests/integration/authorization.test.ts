import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { INSTALLATION, inProject, type Place, type Role } from '@/lib/control/roles'
import { type Api, apiOf, pageApi } from '../support/api'
import { everyone, type Line, matrix, SHOP, targeting } from '../support/authorization'
import { type Jackstaff, seedShop, startJackstaff } from '../support/jackstaff'
import { personalTokenOf, personOf, tokenOf } from '../support/people'

// Every route of the API, asked with every kind of credential of every role, held in every kind of place. What is right
// is said by the table of tests/support/authorization.ts and the rules below: neither is read off the code.

const AT_ONCE = 16 // fewer than wait for their turn for long, on a machine that is busy

const places = {
  'the installation': INSTALLATION,
  'the project': inProject('shop'),
  'its environment': { project: 'shop', environment: 'production' },
  'another environment': { project: 'shop', environment: 'staging' },
  'another project': inProject('other'),
} satisfies Record<string, Place>

type Where = keyof typeof places
type Credential = { name: string; role: Role; where: Where; api: Api }

/** About whoever asks: who they are decides, and no role. */
const isOwn = (path: string) => path === '/me' || path.startsWith('/me/')

/** Answered to everyone who is signed in: what there is for them, and what roles mean. */
const isForAll = ([method, path]: Line) =>
  method === 'GET' && ['/projects', '/roles', '/roles/viewer'].includes(path)

const isRead = ([, , allowed]: Line) => allowed === everyone
/** By its path, or by what it asks about. */
const inShop = ([, path]: Line) =>
  path === SHOP || path.startsWith(`${SHOP}/`) || path.includes('project=shop')
const inProduction = ([, path]: Line) => /\/environments\/production(\/|$)/.test(path)

/** What a line has to answer: its own status where it is allowed, else how it is refused. */
function expected(line: Line, { role, where }: Credential): number {
  const [, , allowed, status] = line
  if (isForAll(line)) return status
  const holds = (allowed as readonly Role[]).includes(role)
  const yes = (is: boolean) => (is && holds ? status : 403)
  if (where === 'the installation') return yes(true)
  if (!inShop(line)) return 403
  if (where === 'another project') return 404
  if (where === 'the project' || isRead(line)) return yes(true)
  return yes(where === 'its environment' && inProduction(line))
}

/** Before somebody is signed in: tests/integration/auth.test.ts, sso.test.ts. */
const DOORS = ['/setup', '/sign-in', '/sign-in/sso', '/sign-in/break-glass', '/sign-out', '/[[...unknown]]']

it('the table has a line for each method of each route', () => {
  const files = execFileSync('git', ['ls-files', 'app/api/v1'], { encoding: 'utf8' })
    .split('\n')
    .filter((file) => file.endsWith('/route.ts'))
  const missing = files.flatMap((file) => {
    const route = file.slice('app/api/v1'.length, -'/route.ts'.length)
    if (DOORS.includes(route)) return []
    const pattern = new RegExp(`^${route.replace(/\[\w+\]/g, '[^/]+')}(\\?|$)`)
    const methods = [...readFileSync(file, 'utf8').matchAll(/^export const ([A-Z]+) =/gm)].map(([, m]) => m!)
    return methods
      .filter((method) => !matrix.some((line) => line[0] === method && pattern.test(line[1])))
      .map((method) => `${method} ${route}`)
  })
  expect(files.length).toBeGreaterThan(50)
  expect(missing).toEqual([])
})

let jackstaff: Jackstaff
const credentials: Credential[] = []
let strangers: { name: string; api: Api }[] = []
beforeAll(async () => {
  jackstaff = await startJackstaff()
  const { api, url } = jackstaff
  const { serverKey, clientKey } = await seedShop(jackstaff)
  await api('POST', '/projects', { key: 'other', name: 'Other' })
  for (const key of ['used', 'idle']) await api('POST', `${SHOP}/segments`, { key, name: key })
  await api('POST', `${SHOP}/flags`, { key: 'user', name: 'Uses a segment', type: 'boolean' })
  const rules = [{ id: 'r', when: { segment: 'used' }, serve: { variant: 'on' } }]
  const user = `${SHOP}/flags/user/environments/production`
  await api('PUT', user, { ...targeting, rules }, { 'if-match': '"1"' })

  for (const [where, place] of Object.entries(places) as [Where, Place][])
    for (const role of everyone) {
      const service = await tokenOf(jackstaff, role, {}, place)
      const person = await personOf(jackstaff, role, place)
      const personal = await personalTokenOf(jackstaff, person.id)
      credentials.push(
        { name: `service token, ${role} of ${where}`, role, where, api: service.api },
        { name: `session, ${role} of ${where}`, role, where, api: pageApi(url, person.cookie) },
        { name: `personal token, ${role} of ${where}`, role, where, api: apiOf(url, personal) },
      )
    }
  const past = new Date(Date.now() - 1_000)
  strangers = [
    { name: 'nothing', api: apiOf(url, null) },
    { name: 'a server SDK key', api: apiOf(url, serverKey) },
    { name: 'a client SDK key', api: apiOf(url, clientKey) },
    { name: 'a revoked token', api: (await tokenOf(jackstaff, 'admin', { revoked_at: past })).api },
    { name: 'an expired token', api: (await tokenOf(jackstaff, 'admin', { expires_at: past })).api },
    { name: 'a session that ended', api: pageApi(url, `jackstaff.session=${'x'.repeat(43)}`) },
  ]
})
afterAll(() => jackstaff?.stop())

it('every credential is answered by every route as the table says', async () => {
  const lines = matrix.filter(([, path]) => !isOwn(path))
  const wrong: string[] = []
  let cells = 0
  const check = async (name: string, api: Api, [method, path, , , body, headers]: Line, status: number) => {
    cells++
    const answered = await api(method, path, body, headers)
    if (answered.status !== status)
      wrong.push(
        `${method} ${path} with ${name}: ${answered.status}, not ${status} (${answered.body?.detail})`,
      )
  }
  for (const line of lines) {
    const asked = [
      ...credentials.map((one) => () => check(one.name, one.api, line, expected(line, one))),
      ...strangers.map(
        ({ name, api }) =>
          () =>
            check(name, api, line, 401),
      ),
    ]
    for (let i = 0; i < asked.length; i += AT_ONCE)
      await Promise.all(asked.slice(i, i + AT_ONCE).map((ask) => ask()))
  }
  console.log(`${cells} cells: ${lines.length} lines, ${credentials.length + strangers.length} credentials`)
  expect(wrong).toEqual([])
  expect(cells).toBeGreaterThan(3_000)
}, 180_000)
