import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Jackstaff, seedShop, startJackstaff } from '../support/jackstaff'
import { browserOf, personOf, withSql } from '../support/people'
import { dumpOf } from '../support/secrets'

let jackstaff: Jackstaff
beforeAll(async () => {
  jackstaff = await startJackstaff()
  await seedShop(jackstaff)
})
afterAll(() => jackstaff?.stop())

it('leaves the name of a person nowhere once it is erased: not with kills, keys or tokens', async () => {
  const { cookie, id } = await personOf(jackstaff, 'admin')
  const rename = (name: string) =>
    withSql(jackstaff, (sql) => sql`update app_user set name = ${name} where id = ${id}`)
  await rename('Ana the unforgettable')
  const made: [path: string, body: object][] = [
    ['/projects/shop/flags', { key: 'hers', name: 'Hers', type: 'boolean' }],
    ['/projects/shop/environments/production/keys', { kind: 'server', name: 'hers' }],
    ['/tokens', { name: 'hers', grants: [{ role: 'viewer' }] }],
    ['/me/tokens', { name: 'hers' }],
  ]
  const answers: { createdBy?: unknown }[] = []
  const hers = browserOf(jackstaff, cookie)
  for (const [path, body] of made) answers.push((await hers('POST', path, body)).body)
  const kill = '/projects/shop/flags/hers/environments/production/kill'
  const killed = await hers('PUT', kill, { reason: 'drill' })
  const ana = { kind: 'user', id, name: 'Ana the unforgettable' }
  expect([killed.body.actor, ...answers.slice(1).map(({ createdBy }) => createdBy)]).toEqual(
    Array(4).fill(ana),
  )
  await rename('')
  expect(await dumpOf(jackstaff.databaseUrl)).not.toContain('unforgettable')
  expect((await jackstaff.api('GET', kill)).body.actor).toEqual({ ...ana, name: 'former member' })
})
