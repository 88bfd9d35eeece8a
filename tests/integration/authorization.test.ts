import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { INSTALLATION, inProject, type Place, type Role } from '@/lib/control/roles'
import { type Api, apiOf, pageApi } from '../support/api'
import {
  asPart,
  everyone,
  expectedIn,
  guardedMatrix,
  isOwn,
  type Line,
  matrix,
  SHOP,
  targeting,
  type Where,
} from '../support/authorization'
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
} satisfies Record<Where, Place>

type Credential = { name: string; role: Role; where: Where; api: Api }

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
      ...credentials.map((one) => () => check(one.name, one.api, line, expectedIn(line, one))),
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

it('a protected environment lets nobody past it, and asks those who may', async () => {
  const { api } = jackstaff
  const production = `${SHOP}/environments/production`
  const protection = { protected: true, policy: { approvals: 1, confirm: false, freezes: [] } }
  expect((await api('PATCH', production, protection)).status).toBe(200)
  const killed = await api('PUT', `${SHOP}/flags/checkout/environments/production/kill`, {
    reason: 'it broke',
  })
  const changes = [asPart('user', '1')]
  const proposed = await api('POST', `${production}/changes`, { changes, mode: 'propose' })
  const { body: held } = await api('GET', `${SHOP}/flags/checkout/environments/production`)
  expect([killed.status, proposed.status]).toEqual([200, 201])
  const present = {
    kill: killed.headers.get('etag')!,
    proposal: proposed.body,
    version: String(held.version),
  }
  const wrong: string[] = []
  let cells = 0
  for (const { line, code, people } of guardedMatrix(present)) {
    const [method, path, , status, body, headers] = line
    const ask = async ({ name, api, ...held }: Credential) => {
      const usual = expectedIn(line, held)
      const isAllowed = usual === status && !(people && name.startsWith('service'))
      const wanted = isAllowed ? [code === null ? status : 403, code] : [usual === status ? 403 : usual, null]
      const answered = await api(method, path, body, headers)
      const got = [answered.status, answered.body?.code === 'approval_needed' ? 'approval_needed' : null]
      cells++
      if (String(got) !== String(wanted)) wrong.push(`${method} ${path} with ${name}: ${got}, not ${wanted}`)
    }
    for (let i = 0; i < credentials.length; i += AT_ONCE)
      await Promise.all(credentials.slice(i, i + AT_ONCE).map(ask))
  }
  console.log(`${cells} cells of a protected environment`)
  expect(wrong).toEqual([])
  expect(cells).toBeGreaterThan(700)
}, 120_000)
