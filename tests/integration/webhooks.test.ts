import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { tokenOf, withSql } from '../support/people'
import { until } from '../support/process'
import { type Received, type Receiver, startReceiver } from '../support/receiver'

const HOOKS = '/projects/shop/webhooks'
const FLAG = '/projects/shop/flags/checkout'

let jackstaff: Jackstaff
let receiver: Receiver
beforeAll(async () => {
  jackstaff = await startJackstaff({ JACKSTAFF_WEBHOOK_ALLOW: '127.0.0.0/8' })
  receiver = await startReceiver()
  await seedShop(jackstaff)
})
afterAll(async () => {
  await jackstaff?.stop()
  await receiver?.close()
})

let made = 0
/** An endpoint at a path of its own. */
async function endpoint(fields: object = {}) {
  const path = `/hook-${++made}`
  const { status, body } = await jackstaff.api('POST', HOOKS, {
    name: `Hook ${made}`,
    url: `${receiver.url}${path}`,
    ...fields,
  })
  expect(status, JSON.stringify(body)).toBe(201)
  const at = `${HOOKS}/${body.id}`
  return {
    path,
    at,
    id: body.id as string,
    secret: body.secret as string,
    remove: () => jackstaff.api('DELETE', at),
    get: async () => (await jackstaff.api('GET', at)).body,
    deliveries: async (query = '') => (await jackstaff.api('GET', `${at}/deliveries${query}`)).body.items,
  }
}

const rename = (name: string) => jackstaff.api('PATCH', FLAG, { name }, { 'if-match': '*' })
const kill = (reason = 'it broke') => jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason })
async function lift() {
  const { headers } = await jackstaff.api('GET', `${PRODUCTION}/kill`)
  await jackstaff.api('DELETE', `${PRODUCTION}/kill`, undefined, { 'if-match': headers.get('etag')! })
}
const verify = (secret: string, { body, headers }: Received) =>
  new Webhook(secret).verify(body, headers as Record<string, string>)
/** What waits for its next attempt is due now. */
const hurry = (id: string) =>
  withSql(
    jackstaff,
    (sql) => sql`update webhook_delivery set next_at = now() where webhook_id = ${id} and status = 'pending'`,
  )
const newest = async (hook: { deliveries(): Promise<{ status: string; attempts: number }[]> }) =>
  (await hook.deliveries())[0]!

describe('a change', () => {
  it('is told, signed as Standard Webhooks has it, with what it published', async () => {
    const hook = await endpoint({ events: ['targeting.update'] })
    const published = await jackstaff.api(
      'PUT',
      PRODUCTION,
      { ...share(25), comment: 'a quarter' },
      { 'if-match': '*' },
    )
    const [told] = await receiver.come(hook.path, 1)
    expect(verify(hook.secret, told!)).toEqual(told!.json)
    expect(told!.json).toMatchObject({
      type: 'targeting.update',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      data: {
        project: 'shop',
        environment: 'production',
        action: 'targeting.update',
        target: 'flag:checkout',
        actor: { kind: 'service', name: 'Bootstrap' },
        reason: 'a quarter',
        before: { on: false },
        after: { on: true },
        versions: { production: published.headers.get('x-jackstaff-version')!.split('=')[1] },
        url: `${jackstaff.url}/projects/shop/flags/checkout?environment=production`,
      },
    })
    const other = await endpoint({ events: ['segment.delete'] })
    expect(() => verify(other.secret, told!)).toThrow()
    expect(() =>
      verify(hook.secret, { ...told!, body: told!.body.replace('checkout', 'checkouT') }),
    ).toThrow()
    await until('it to be recorded', async () => (await newest(hook)).status === 'delivered')
    expect(await newest(hook)).toMatchObject({
      attempts: 1,
      answered: 204,
      action: 'targeting.update',
      nextAt: null,
    })
    await Promise.all([hook.remove(), other.remove()])
  })

  it('is told where its events and environments are listened to, and nowhere else', async () => {
    const hooks = {
      kills: await endpoint({ events: ['kill.*'] }),
      flags: await endpoint({ events: ['flag.*'] }),
      updates: await endpoint({ events: ['flag.update', 'segment.create'] }),
      staging: await endpoint({ events: ['flag.*'], environments: ['staging'] }),
      production: await endpoint({
        events: ['targeting.update', 'flag.*'],
        environments: ['production', 'staging'],
      }),
      off: await endpoint({ enabled: false }),
    }
    await kill()
    await lift()
    await rename('Renamed')
    await receiver.come(hooks.production.path, 3)
    await receiver.come(hooks.kills.path, 2)
    await receiver.come(hooks.flags.path, 3)
    await receiver.come(hooks.updates.path, 1)
    await receiver.come(hooks.staging.path, 1)
    const seen = Object.fromEntries(
      Object.entries(hooks).map(([name, { path }]) => [name, receiver.at(path).map(({ json }) => json.type)]),
    )
    expect(seen).toEqual({
      kills: ['flag.kill', 'flag.restore_killed'],
      flags: ['flag.kill', 'flag.restore_killed', 'flag.update'],
      updates: ['flag.update'],
      staging: ['flag.update'], // of the whole project, so of staging as well
      production: ['flag.kill', 'flag.restore_killed', 'flag.update'],
      off: [],
    })
    await Promise.all(Object.values(hooks).map((hook) => hook.remove()))
  })

  it('that is refused is told nobody, and one that is repeated once', async () => {
    const hook = await endpoint()
    const key = { 'if-match': '*', 'idempotency-key': `once-${Date.now()}` }
    const taken = await jackstaff.api('POST', '/projects/shop/flags', {
      key: 'checkout',
      name: 'Again',
      type: 'boolean',
    })
    expect(taken.status).toBe(409)
    for (let i = 0; i < 3; i++) await jackstaff.api('PATCH', FLAG, { name: 'Once' }, key)
    await rename('Twice')
    const told = await receiver.come(hook.path, 2)
    expect(told.map(({ json }) => json.data.after.name)).toEqual(['Once', 'Twice'])
    await hook.remove()
  })

  it('is told in words to Slack', async () => {
    const hook = await endpoint({ payload: 'slack' })
    await kill('orders <fail> & burn')
    const [told] = await receiver.come(hook.path, 1)
    expect(told!.json.text).toBe('Bootstrap: Killed (flag:checkout, shop / production)')
    expect(told!.json.blocks[0].text.text).toContain('> orders &lt;fail&gt; &amp; burn')
    await lift()
    await hook.remove()
  })

  it('that is large is told without its halves', async () => {
    const hook = await endpoint({ events: ['segment.*'] })
    const included = Array.from(
      { length: 9_000 },
      (_, i) => `person-with-a-rather-long-name-${i}@example.com`,
    )
    await jackstaff.api('POST', '/projects/shop/segments', { key: 'many', name: 'Many', included })
    const [told] = await receiver.come(hook.path, 1)
    expect(told!.body.length).toBeLessThan(2_000)
    expect(told!.json.data).toMatchObject({
      truncated: true,
      before: null,
      after: null,
      target: 'segment:many',
    })
    await hook.remove()
  })
})

describe('a secret', () => {
  it('is in one answer, and nowhere else that can be read', async () => {
    const secretPath = `/services/T1/B1/only-they-know-${Date.now()}`
    const { body } = await jackstaff.api('POST', HOOKS, {
      name: 'Sealed',
      url: `${receiver.url}${secretPath}`,
    })
    expect(body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    await jackstaff.api('PATCH', `${HOOKS}/${body.id}`, { name: 'Sealed still' })
    await receiver.come(secretPath, 1)
    const reader = (await tokenOf(jackstaff, 'publisher')).api
    const answers = [
      (await jackstaff.api('GET', `/projects/shop/audit`)).body,
      (await reader('GET', HOOKS)).body,
      (await reader('GET', `${HOOKS}/${body.id}`)).body,
      (await withSql(jackstaff, (sql) => sql`select * from webhook`)) as object,
      (await withSql(jackstaff, (sql) => sql`select * from webhook_delivery`)) as object,
      jackstaff.program.output(),
    ]
    for (const answer of answers) {
      expect(JSON.stringify(answer)).not.toContain(body.secret.slice(6))
      expect(JSON.stringify(answer)).not.toContain('only-they-know')
    }
    const mine = (await jackstaff.api('GET', `${HOOKS}/${body.id}`)).body
    expect(mine.url).toBe(`${receiver.url}${secretPath}`)
    expect(mine.secret).toBeUndefined()
    expect((await reader('GET', `${HOOKS}/${body.id}`)).body.url).toBe(`${receiver.url}/…`)
    await jackstaff.api('DELETE', `${HOOKS}/${body.id}`)
  })

  it('that was rotated signs beside the new one until its time is over', async () => {
    const hook = await endpoint({ events: ['flag.update'] })
    const { body } = await jackstaff.api('POST', `${hook.at}/rotate`)
    expect(body.secret).not.toBe(hook.secret)
    const hours = (Date.parse(body.previousUntil) - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(23.9)
    expect(hours).toBeLessThan(24.1)
    await rename('Signed twice')
    const [both] = await receiver.come(hook.path, 1)
    verify(hook.secret, both!)
    verify(body.secret, both!)
    await withSql(
      jackstaff,
      (sql) => sql`update webhook set previous_until = now() - interval '1 s' where id = ${hook.id}`,
    )
    await rename('Signed once')
    const [, one] = await receiver.come(hook.path, 2)
    verify(body.secret, one!)
    expect(() => verify(hook.secret, one!)).toThrow()
    await hook.remove()
  })
})

describe('an endpoint', () => {
  it('is tested alone, whatever it listens to', async () => {
    const hook = await endpoint({ events: ['segment.delete'] })
    const other = await endpoint({ events: ['flag.update'] })
    const sent = await jackstaff.api('POST', `${hook.at}/test`)
    expect(sent.status).toBe(201)
    expect(sent.body).toMatchObject({ status: 'pending', action: 'webhook.test' })
    const [told] = await receiver.come(hook.path, 1)
    verify(hook.secret, told!)
    expect(told!.headers['webhook-id']).toBe(sent.body.message)
    await rename('After the test')
    expect((await receiver.come(other.path, 1)).map(({ json }) => json.type)).toEqual(['flag.update'])
    await jackstaff.api('PATCH', hook.at, { enabled: false })
    expect((await jackstaff.api('POST', `${hook.at}/test`)).status).toBe(409)
    await Promise.all([hook.remove(), other.remove()])
  })

  it('that fails is tried again with the same id, and those after it wait', async () => {
    const hook = await endpoint({ events: ['flag.update'] })
    receiver.answerWith(hook.path, 500, {}, 'no\0t now')
    await rename('First')
    await receiver.come(hook.path, 1)
    await until('the first to have failed', async () => (await newest(hook)).attempts === 1)
    expect(await newest(hook)).toMatchObject({ status: 'pending', answered: 500, answer: 'not now' })
    await rename('Second')
    await rename('Third')
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
    const hook = await endpoint({ events: ['flag.update'] })
    receiver.answerWith(hook.path, 429, { 'retry-after': '7200' })
    await rename('Too many')
    await until('it to have failed', async () => (await newest(hook))?.attempts === 1)
    const [delivery] = await hook.deliveries('?status=pending')
    expect(Date.parse(delivery.nextAt) - Date.now()).toBeGreaterThan(7_100_000)
    await hook.remove()
  })

  it('fails a message after its last attempt; replayed, it has the id it had', async () => {
    const hook = await endpoint({ events: ['flag.update'] })
    receiver.answerWith(hook.path, 400, {}, 'no')
    await rename('Not understood')
    for (let attempts = 1; attempts <= 10; attempts++) {
      await until(`attempt ${attempts}`, async () => (await newest(hook))?.attempts === attempts)
      await hurry(hook.id)
    }
    expect(await newest(hook)).toMatchObject({ status: 'failed', attempts: 10, answered: 400, nextAt: null })
    receiver.answerWith(hook.path, 200)
    const [failed] = await hook.deliveries('?status=failed')
    const again = await jackstaff.api('POST', `${hook.at}/deliveries/${failed.id}/replay`)
    expect(again.status).toBe(201)
    expect(again.body).toMatchObject({ replayOf: failed.id, message: failed.message, status: 'pending' })
    await until('the replay', async () => (await newest(hook)).status === 'delivered')
    const told = receiver.at(hook.path)
    expect(told).toHaveLength(11)
    expect(new Set(told.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    const missing = await jackstaff.api('POST', `${hook.at}/deliveries/999999/replay`)
    expect(missing.status).toBe(404)
    await hook.remove()
  })

  it('that answers 410 is turned off, which is recorded', async () => {
    const hook = await endpoint({ events: ['flag.update'] })
    receiver.answerWith(hook.path, 410)
    await rename('Gone')
    await until('it to be off', async () => !(await hook.get()).enabled)
    expect((await hook.get()).problem).toContain('410')
    const { items } = (await jackstaff.api('GET', '/projects/shop/audit?action=webhook.disable')).body
    expect(items[0]).toMatchObject({
      target: `webhook:${hook.id}`,
      actor: { kind: 'system' },
      reason: expect.stringContaining('410'),
    })
    await rename('Nobody hears')
    await jackstaff.api('PATCH', hook.at, { enabled: true })
    expect(await hook.get()).toMatchObject({ enabled: true, problem: null })
    expect(await hook.deliveries()).toHaveLength(1)
    await hook.remove()
  })

  it('that has failed for five days is turned off', async () => {
    const hook = await endpoint({ events: ['flag.update'] })
    receiver.answerWith(hook.path, 500)
    await rename('Failing')
    await until('it to fail', async () => (await hook.get()).failingSince !== null)
    await withSql(
      jackstaff,
      (sql) => sql`update webhook set failing_since = now() - interval '5 days 1 s' where id = ${hook.id}`,
    )
    await hurry(hook.id)
    await until('it to be off', async () => !(await hook.get()).enabled)
    expect((await hook.get()).problem).toContain('5 days')
    await hook.remove()
  })

  it('that never answers delays nobody else', async () => {
    const silent = await Promise.all(Array.from({ length: 6 }, () => endpoint({ events: ['flag.update'] })))
    const hook = await endpoint({ events: ['flag.update'] })
    for (const { path } of silent) receiver.answer(path, () => {})
    const begun = performance.now()
    await rename('Slow')
    await receiver.come(hook.path, 1)
    expect(performance.now() - begun).toBeLessThan(8_000) // their 10 s are not over
    await Promise.all([hook, ...silent].map((each) => each.remove()))
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
    const hook = await endpoint()
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
    const hook = await endpoint({ events: ['flag.update'] })
    await rename('Old')
    await rename('New')
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
