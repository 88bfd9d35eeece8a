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

it('leaves the name of a person nowhere once it is erased: not with kills, keys, tokens, changes or webhooks', async () => {
  const { cookie, id } = await personOf(jackstaff, 'admin')
  const rename = (name: string) =>
    withSql(jackstaff, (sql) => sql`update app_user set name = ${name} where id = ${id}`)
  await rename('Ana the unforgettable')
  const made: [path: string, body: object][] = [
    ['/projects/shop/flags', { key: 'hers', name: 'Hers', type: 'boolean' }],
    ['/projects/shop/environments/production/keys', { kind: 'server', name: 'hers' }],
    ['/tokens', { name: 'hers', grants: [{ role: 'viewer' }] }],
    ['/me/tokens', { name: 'hers' }],
    ['/projects/shop/webhooks', { name: 'hers', url: 'https://hooks.example.com/1', events: ['*'] }],
  ]
  const answers: { createdBy?: unknown }[] = []
  const hers = browserOf(jackstaff, cookie)
  for (const [path, body] of made) answers.push((await hers('POST', path, body)).body)
  const kill = '/projects/shop/flags/hers/environments/production/kill'
  const killed = await hers('PUT', kill, { reason: 'drill' })
  const change = { op: 'flag', ifMatch: '1', input: { flag: 'hers', name: 'Renamed' } }
  const changes = '/projects/shop/environments/production/changes'
  const proposed = await hers('POST', changes, { mode: 'propose', changes: [change] })
  const theirs = await jackstaff.api('POST', changes, { mode: 'propose', changes: [change] })
  const { id: other, hash } = theirs.body
  const approved = await hers('POST', `${changes}/${other}/approve`, { hash })
  const ana = { kind: 'user', id, name: 'Ana the unforgettable' }
  const named = [killed.body.actor, proposed.body.author, approved.body.approvals[0].actor]
  expect([...named, ...answers.slice(1).map(({ createdBy }) => createdBy)]).toEqual(Array(7).fill(ana))
  await rename('')
  expect(await dumpOf(jackstaff.databaseUrl)).not.toContain('unforgettable')
  const gone = { ...ana, name: 'former member' }
  expect((await jackstaff.api('GET', kill)).body.actor).toEqual(gone)
  expect((await jackstaff.api('GET', `${changes}/${proposed.body.id}`)).body.author).toEqual(gone)
  expect((await jackstaff.api('GET', `${changes}/${other}`)).body.approvals[0].actor).toEqual(gone)
  const { body: hooks } = await jackstaff.api('GET', '/projects/shop/webhooks')
  expect(hooks.items[0].createdBy).toEqual(gone)
})
