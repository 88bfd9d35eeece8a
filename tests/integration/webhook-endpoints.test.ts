import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Jackstaff, seedShop, startJackstaff } from '../support/jackstaff'
import { personOf, withSql } from '../support/people'
import { until } from '../support/process'
import { type Receiver, startReceiver } from '../support/receiver'
import { HOOKS, type Hooks, hooksOf, verify } from '../support/webhooks'

let jackstaff: Jackstaff
let receiver: Receiver
let hooks: Hooks
beforeAll(async () => {
  jackstaff = await startJackstaff({ JACKSTAFF_WEBHOOK_ALLOW: '127.0.0.0/8' })
  receiver = await startReceiver()
  hooks = hooksOf(jackstaff, receiver)
  await seedShop(jackstaff)
})
afterAll(async () => {
  await jackstaff?.stop()
  await receiver?.close()
})

describe('an endpoint', () => {
  it('is tested alone, whatever it listens to', async () => {
    const hook = await hooks.endpoint({ events: ['segment.delete'] })
    const other = await hooks.endpoint({ events: ['flag.update'] })
    const sent = await jackstaff.api('POST', `${hook.at}/test`)
    expect(sent.status).toBe(201)
    expect(sent.body).toMatchObject({ status: 'pending', action: 'webhook.test' })
    const [told] = await receiver.come(hook.path, 1)
    verify(hook.secret, told!)
    expect(told!.headers['webhook-id']).toBe(sent.body.message)
    await hooks.rename('After the test')
    expect((await receiver.come(other.path, 1)).map(({ json }) => json.type)).toEqual(['flag.update'])
    await jackstaff.api('PATCH', hook.at, { enabled: false })
    expect((await jackstaff.api('POST', `${hook.at}/test`)).status).toBe(409)
    await Promise.all([hook.remove(), other.remove()])
  })

  it('that fails is tried again with the same id, and those after it wait', async () => {
    const hook = await hooks.endpoint({ events: ['flag.update'] })
    receiver.answerWith(hook.path, 500, {}, 'no\0t now')
    await hooks.rename('First')
    await receiver.come(hook.path, 1)
    await until('the first to have failed', async () => (await hook.newest())?.attempts === 1)
    expect(await hook.newest()).toMatchObject({ status: 'pending', answered: 500, answer: 'not now' })
    await hooks.rename('Second')
    await hooks.rename('Third')
    expect((await hook.get()).failingSince).not.toBeNull()
    receiver.answerWith(hook.path, 204)
    const told = await receiver.come(hook.path, 4)
    expect(told.map(({ json }) => json.data.after.name)).toEqual(['First', 'First', 'Second', 'Third'])
    expect(told[1]!.headers['webhook-id']).toBe(told[0]!.headers['webhook-id'])
    expect(told[1]!.at - told[0]!.at).toBeGreaterThan(3_900) // 5 s, less the jitter
    for (const one of told) verify(hook.secret, one)
    await until('all to be recorded', async () => (await hook.deliveries('?status=delivered')).length === 3)
    expect((await hook.get()).failingSince).toBeNull()
    await hook.remove()
  })

  it('is let be for as long as it asks', async () => {
    const hook = await hooks.endpoint({ events: ['flag.update'] })
    receiver.answerWith(hook.path, 429, { 'retry-after': '7200' })
    await hooks.rename('Too many')
    await until('it to have failed', async () => (await hook.newest())?.attempts === 1)
    const [delivery] = await hook.deliveries('?status=pending')
    expect(Date.parse(delivery!.nextAt) - Date.now()).toBeGreaterThan(7_100_000)
    await hook.remove()
  })

  it('fails a message after its last attempt; replayed, it has the id it had', async () => {
    const hook = await hooks.endpoint({ events: ['flag.update'] })
    receiver.answerWith(hook.path, 400, {}, 'no')
    await hooks.rename('Not understood')
    for (let attempts = 1; attempts <= 10; attempts++) {
      await until(`attempt ${attempts}`, async () => (await hook.newest())?.attempts === attempts)
      await hooks.hurry(hook.id)
    }
    expect(await hook.newest()).toMatchObject({ status: 'failed', attempts: 10, answered: 400, nextAt: null })
    receiver.answerWith(hook.path, 200)
    const [failed] = await hook.deliveries('?status=failed')
    const again = await jackstaff.api('POST', `${hook.at}/deliveries/${failed!.id}/replay`)
    expect(again.status).toBe(201)
    expect(again.body).toMatchObject({ replayOf: failed!.id, message: failed!.message, status: 'pending' })
    await until('the replay', async () => (await hook.newest())?.status === 'delivered')
    const told = receiver.at(hook.path)
    expect(told).toHaveLength(11)
    expect(new Set(told.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    const missing = await jackstaff.api('POST', `${hook.at}/deliveries/999999/replay`)
    expect(missing.status).toBe(404)
    await hook.remove()
  })

  it('that answers 410 is turned off, which is recorded', async () => {
    const hook = await hooks.endpoint({ events: ['flag.update'] })
    receiver.answerWith(hook.path, 410)
    await hooks.rename('Gone')
    await until('it to be off', async () => !(await hook.get()).enabled)
    expect((await hook.get()).problem).toContain('410')
    const { items } = (await jackstaff.api('GET', '/projects/shop/audit?action=webhook.disable')).body
    expect(items[0]).toMatchObject({
      target: `webhook:${hook.id}`,
      actor: { kind: 'system' },
      reason: expect.stringContaining('410'),
    })
    await hooks.rename('Nobody hears')
    await jackstaff.api('PATCH', hook.at, { enabled: true })
    expect(await hook.get()).toMatchObject({ enabled: true, problem: null })
    expect(await hook.deliveries()).toHaveLength(1)
    await hook.remove()
  })

  it('that has failed for five days is turned off', async () => {
    const hook = await hooks.endpoint({ events: ['flag.update'] })
    receiver.answerWith(hook.path, 500)
    await hooks.rename('Failing')
    await until('it to fail', async () => (await hook.get()).failingSince !== null)
    await withSql(
      jackstaff,
      (sql) => sql`update webhook set failing_since = now() - interval '5 days 1 s' where id = ${hook.id}`,
    )
    await hooks.hurry(hook.id)
    await until('it to be off', async () => !(await hook.get()).enabled)
    expect((await hook.get()).problem).toContain('5 days')
    await hook.remove()
  })

  it('that never answers delays nobody else', async () => {
    const silent = await Promise.all(
      Array.from({ length: 6 }, () => hooks.endpoint({ events: ['flag.update'] })),
    )
    const hook = await hooks.endpoint({ events: ['flag.update'] })
    for (const { path } of silent) receiver.answer(path, () => {})
    const begun = performance.now()
    await hooks.rename('Slow')
    await receiver.come(hook.path, 1)
    expect(performance.now() - begun).toBeLessThan(8_000) // their 10 s are not over
    await Promise.all([hook, ...silent].map((each) => each.remove()))
  })

  it('that somebody holds delays no kill', async () => {
    const hook = await hooks.endpoint({ events: ['kill.*'] })
    const held = await withSql(jackstaff, (sql) =>
      sql.begin(async (tx) => {
        await tx`select * from webhook where id = ${hook.id} for update`
        return hooks.kill()
      }),
    )
    expect(held.status).toBe(200)
    expect(await receiver.come(hook.path, 1)).toHaveLength(1)
    await hooks.lift()
    await hook.remove()
  })

  it('is created, moved and given a new secret by whoever signed in lately', async () => {
    const hook = await hooks.endpoint()
    const { id, cookie } = await personOf(jackstaff, 'admin')
    const headers = { cookie, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
    const as = (method: string, path: string, body: object) =>
      fetch(`${jackstaff.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) })
    const fields = { name: 'x', url: `${receiver.url}/moved` }
    const changes = [
      ['POST', HOOKS, fields],
      ['PATCH', hook.at, fields],
      ['POST', `${hook.at}/rotate`, {}],
    ] as const
    for (const [method, path, body] of changes)
      expect((await as(method, path, body)).status).toBeLessThan(300)
    await withSql(
      jackstaff,
      (sql) => sql`update session set authenticated_at = now() - interval '13 hours' where user_id = ${id}`,
    )
    for (const [method, path, body] of changes) {
      const refused = await as(method, path, body)
      expect(refused.status, `${method} ${path}`).toBe(403)
      expect(await refused.json()).toMatchObject({ code: 'sign_in_again' })
    }
    expect((await as('POST', `${hook.at}/test`, {})).status).toBe(201)
    await hook.remove()
  })

  it('inside is refused, and so are hosts in disguise', async () => {
    for (const url of [
      'http://10.0.0.1/',
      'https://localhost/',
      'https://0x7f.1/',
      'http://example.com/',
      'https://[::1]/',
    ]) {
      const refused = await jackstaff.api('POST', HOOKS, { name: 'x', url })
      expect(refused.status, url).toBe(422)
      expect(refused.body.errors[0].path).toBe('url')
    }
  })

  it('of another project is not there', async () => {
    await jackstaff.api('POST', '/projects', { key: 'bakery', name: 'Bakery' })
    const hook = await hooks.endpoint()
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/rotate'],
      ['POST', '/test'],
      ['GET', '/deliveries'],
      ['POST', '/deliveries/1/replay'],
    ] as const) {
      const body = method === 'PATCH' ? { name: 'x' } : undefined
      const { status } = await jackstaff.api(method, `/projects/bakery/webhooks/${hook.id}${path}`, body)
      expect(status, `${method} ${path}`).toBe(404)
    }
    await hook.remove()
  })

  it('names environments that are there, and a project has twenty at most', async () => {
    const unknown = await jackstaff.api('POST', HOOKS, {
      name: 'x',
      url: `${receiver.url}/`,
      environments: ['moon'],
    })
    expect(unknown.status).toBe(422)
    await jackstaff.api('POST', '/projects', { key: 'many', name: 'Many' })
    const statuses = []
    for (let i = 0; i < 21; i++)
      statuses.push(
        (await jackstaff.api('POST', '/projects/many/webhooks', { name: 'x', url: `${receiver.url}/` }))
          .status,
      )
    expect(statuses).toEqual([...Array(20).fill(201), 409])
  })
})

describe('what is old', () => {
  it('is forgotten after 30 days, and with its endpoint', async () => {
    const hook = await hooks.endpoint({ events: ['flag.update'] })
    await hooks.rename('Old')
    await hooks.rename('New')
    await until('both', async () => (await hook.deliveries('?status=delivered')).length === 2)
    await withSql(
      jackstaff,
      (sql) => sql`update webhook_delivery set created_at = now() - interval '31 days'
        where id = (select min(id) from webhook_delivery where webhook_id = ${hook.id})`,
    )
    await jackstaff.program.end()
    await jackstaff.startAgain() // which looks for what is old
    await until('one to be left', async () => (await hook.deliveries()).length === 1)
    await hook.remove()
    const left = await withSql(
      jackstaff,
      (sql) => sql`select 1 from webhook_delivery where webhook_id = ${hook.id}`,
    )
    expect(left).toHaveLength(0)
  })
})
