import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromWire } from '@/lib/evaluation'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'
import { withSql } from '../support/people'

let jackstaff: Jackstaff
beforeAll(async () => {
  jackstaff = await startJackstaff()
  await jackstaff.api('POST', '/projects', { key: 'shop', name: 'Shop' })
})
afterAll(() => jackstaff?.stop())

const SHOP = '/projects/shop'
const ENVIRONMENTS = `${SHOP}/environments`
const any = { 'if-match': '*' }
const create = (key: string, extra: object = {}) =>
  jackstaff.api('POST', ENVIRONMENTS, { key, name: key, ...extra })
const config = (key: string) =>
  fetch(`${jackstaff.url}/config`, { headers: { authorization: `Bearer ${key}` } })
const keyFor = async (environment: string) =>
  (await jackstaff.api('POST', `${ENVIRONMENTS}/${environment}/keys`, { kind: 'server', name: 'k' })).body

/** Asks until the answer has this status: nodes hear of keys within their poll. */
async function settles(key: string, status: number) {
  await expect.poll(async () => (await config(key)).status, { timeout: 3_000 }).toBe(status)
}

describe('an environment', () => {
  it('starts with every flag of the project, off, archived ones included', async () => {
    for (const key of ['live', 'archived'])
      await jackstaff.api('POST', `${SHOP}/flags`, { key, name: key, type: 'boolean' })
    const on = { on: true, offVariant: 'off', fallthrough: { variant: 'on' } }
    await jackstaff.api('PUT', `${SHOP}/flags/live/environments/production`, on, any)
    await jackstaff.api('DELETE', `${SHOP}/flags/archived`)
    const policy = { approvals: 0, confirm: false, freezes: [] }
    const created = await create('qa', { colour: 'red', protected: true, policy })
    expect(created.status).toBe(201)
    expect(created.body).toMatchObject({ key: 'qa', colour: 'red', protected: true, policy, position: 3 })
    expect(created.headers.get('x-jackstaff-version')).toBe(`qa=${created.body.configId}`)
    const { key } = await keyFor('qa')
    await settles(key, 200)
    const served = await (await config(key)).json()
    expect(Object.keys(served.flags)).toEqual(['live'])
    expect(fromWire('live', served.flags.live)).toMatchObject({ on: false, offVariant: 'off' })
    const restored = await jackstaff.api('POST', `${SHOP}/flags/archived/restore`)
    expect(restored.body.environments.qa.on).toBe(false)
  })

  it('is renamed and moved, but its key stays', async () => {
    await create('named', { colour: 'blue' })
    const patch = (body: object) => jackstaff.api('PATCH', `${ENVIRONMENTS}/named`, body)
    expect((await patch({ name: 'New', position: 9 })).body).toMatchObject({ name: 'New', colour: 'blue' })
    expect((await patch({ colour: null })).body).toMatchObject({ name: 'New', colour: null, position: 9 })
    expect((await patch({ key: 'other' })).status).toBe(422)
  })

  it('that is deleted refuses its keys, and its key can be used again with newer versions', async () => {
    const first = await create('again')
    const { key } = await keyFor('again')
    await settles(key, 200)
    expect((await jackstaff.api('DELETE', `${ENVIRONMENTS}/again`)).status).toBe(204)
    await settles(key, 401)
    expect((await jackstaff.api('GET', `${ENVIRONMENTS}/again/versions`)).status).toBe(404)
    expect((await jackstaff.api('DELETE', `${ENVIRONMENTS}/again`)).status).toBe(404)
    const second = await create('Again')
    expect(second.status).toBe(201)
    const [before, after] = [first, second].map(({ body }) => Number(body.configId.split('.')[0]))
    expect(after).toBeGreaterThan(before!)
    expect((await config(key)).status).toBe(401)
  })

  it('may have any key: none is in the way of deleting another', async () => {
    await create('twin')
    const [row] = await withSql(jackstaff, (sql) => sql`select id from environment where key = 'twin'`)
    for (const key of [`twin.deleted-${row!.id}`, `twin-${row!.id}`, `twin_${row!.id}`])
      expect((await create(key)).status).toBe(201)
    expect((await jackstaff.api('DELETE', `${ENVIRONMENTS}/twin`)).status).toBe(204)
  })

  it('is never missing for a flag that is created at the same time', async () => {
    for (let round = 0; round < 6; round++) {
      const flag = { key: `born-${round}`, name: 'Born', type: 'boolean' }
      await Promise.all([create(`env-${round}`), jackstaff.api('POST', `${SHOP}/flags`, flag)])
      const { body } = await jackstaff.api('GET', `${SHOP}/flags/born-${round}`)
      expect(Object.keys(body.environments)).toContain(`env-${round}`)
    }
  })

  it('is never the last to go, even when all are deleted at once', async () => {
    for (let round = 0; round < 6; round++) {
      const project = `small-${round}`
      await jackstaff.api('POST', '/projects', { key: project, name: project })
      const answers = await Promise.all(
        ['development', 'staging', 'production'].map((key) =>
          jackstaff.api('DELETE', `/projects/${project}/environments/${key}`),
        ),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 204, 409])
    }
  })

  it('of one key is created once, however many ask at the same time', async () => {
    const answers = await Promise.all(['one', 'One', 'ONE', 'one'].map((key) => create(key)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
    const projects = await Promise.all(
      ['p', 'P', 'p'].map((key) => jackstaff.api('POST', '/projects', { key, name: key })),
    )
    expect(projects.map(({ status }) => status).sort()).toEqual([201, 409, 409])
  })
})

describe('an SDK key', () => {
  it('is shown once, works at once, and not after it was revoked', async () => {
    const created = await keyFor('production')
    expect(created.key).toMatch(/^jks_srv_/)
    await settles(created.key, 200)
    const listed = await jackstaff.api('GET', `${ENVIRONMENTS}/production/keys`)
    expect(JSON.stringify(listed.body)).not.toContain(created.key)
    expect(listed.body.items[0]).toMatchObject({ id: created.id, revokedAt: null })
    const path = `${ENVIRONMENTS}/production/keys/${created.id}`
    const revoked = await jackstaff.api('DELETE', path)
    expect(revoked.body.revokedAt).toEqual(expect.any(String))
    await settles(created.key, 401)
    expect((await jackstaff.api('DELETE', path)).body).toEqual(revoked.body)
    const { body } = await jackstaff.api('GET', `${SHOP}/audit?target=key:${created.id}`)
    expect(body.items.map((entry: { action: string }) => entry.action)).toEqual(['key.revoke', 'key.create'])
    expect(body.items[0].before.revokedAt).toBeNull()
  })

  it('belongs to its environment', async () => {
    const { id } = await keyFor('production')
    expect((await jackstaff.api('DELETE', `${ENVIRONMENTS}/staging/keys/${id}`)).status).toBe(404)
  })

  it.each([
    [{ kind: 'client', name: 'n', mode: 'half' }, 'mode'],
    [{ kind: 'server', name: 'n', mode: 'full' }, 'mode'],
    [{ kind: 'server', name: 'n', expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ kind: 'server', name: 'n', expiresAt: '2030-02-30T00:00:00Z' }, 'expiresAt'],
    [{ kind: 'server', name: 'n', expiresAt: 'soon' }, 'expiresAt'],
    [{ kind: 'server', name: '' }, 'name'],
    [{ kind: 'other', name: 'n' }, 'kind'],
  ])('is refused as %j', async (body, path) => {
    const refused = await jackstaff.api('POST', `${ENVIRONMENTS}/production/keys`, body)
    expect(refused.status).toBe(422)
    expect(refused.body.errors[0].path).toBe(path)
  })

  it('that expires is refused from then on', async () => {
    const expiresAt = new Date(Date.now() + 1_500).toISOString()
    const { body } = await jackstaff.api('POST', `${ENVIRONMENTS}/production/keys`, {
      kind: 'server',
      name: 'short',
      expiresAt,
    })
    await settles(body.key, 200)
    await settles(body.key, 401)
  })
})
