import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blockOf } from '../support/documents'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { browserOf, personOf, tokenOf, withSql } from '../support/people'
import { freePort, start, until } from '../support/process'
import { type Receiver, startReceiver } from '../support/receiver'
import { HOOKS, type Hooks, hooksOf, verify } from '../support/webhooks'

const STAGING = '/projects/shop/flags/checkout/environments/staging'

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

describe('a change', () => {
  it('by a person is told with the name that they have, in JSON and in Slack', async () => {
    const events = ['targeting.update']
    const json = await hooks.endpoint({ events })
    const slack = await hooks.endpoint({ events, payload: 'slack' })
    const { id, cookie } = await personOf(jackstaff, 'publisher')
    await withSql(jackstaff, (sql) => sql`update app_user set name = 'Ana' where id = ${id}`)
    const ana = browserOf(jackstaff, cookie)
    expect((await ana('PUT', STAGING, share(7), { 'if-match': '*' })).status).toBe(200)
    const [told] = await receiver.come(json.path, 1)
    expect(told!.json.data.actor).toEqual({ kind: 'user', id, name: 'Ana' })
    const [shown] = await receiver.come(slack.path, 1)
    expect(shown!.json.text).toMatch(/^Ana: /)
    await Promise.all([json.remove(), slack.remove()])
  })

  it('is told, signed as Standard Webhooks has it, with what it published', async () => {
    const hook = await hooks.endpoint({ events: ['targeting.update'] })
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
    const other = await hooks.endpoint({ events: ['segment.delete'] })
    expect(() => verify(other.secret, told!)).toThrow()
    expect(() =>
      verify(hook.secret, { ...told!, body: told!.body.replace('checkout', 'checkouT') }),
    ).toThrow()
    await until('it to be recorded', async () => (await hook.newest())?.status === 'delivered')
    expect(await hook.newest()).toMatchObject({
      attempts: 1,
      answered: 204,
      action: 'targeting.update',
      nextAt: null,
    })
    await Promise.all([hook.remove(), other.remove()])
  })

  it('is told where its events and environments are listened to, and nowhere else', async () => {
    const all = {
      kills: await hooks.endpoint({ events: ['kill.*'] }),
      flags: await hooks.endpoint({ events: ['flag.*'] }),
      updates: await hooks.endpoint({ events: ['flag.update', 'segment.create'] }),
      staging: await hooks.endpoint({ events: ['flag.*'], environments: ['staging'] }),
      production: await hooks.endpoint({
        events: ['targeting.update', 'flag.*'],
        environments: ['production', 'staging'],
      }),
      off: await hooks.endpoint({ enabled: false }),
    }
    await hooks.kill()
    await hooks.lift()
    await hooks.rename('Renamed')
    await receiver.come(all.production.path, 3)
    await receiver.come(all.kills.path, 2)
    await receiver.come(all.flags.path, 3)
    await receiver.come(all.updates.path, 1)
    await receiver.come(all.staging.path, 1)
    const seen = Object.fromEntries(
      Object.entries(all).map(([name, { path }]) => [name, receiver.at(path).map(({ json }) => json.type)]),
    )
    expect(seen).toEqual({
      kills: ['flag.kill', 'flag.restore_killed'],
      flags: ['flag.kill', 'flag.restore_killed', 'flag.update'],
      updates: ['flag.update'],
      staging: ['flag.update'], // of the whole project, so of staging as well
      production: ['flag.kill', 'flag.restore_killed', 'flag.update'],
      off: [],
    })
    await Promise.all(Object.values(all).map((hook) => hook.remove()))
  })

  it('that is refused is told nobody, and one that is repeated once', async () => {
    const hook = await hooks.endpoint()
    const key = { 'idempotency-key': `once-${Date.now()}` }
    const taken = await jackstaff.api('POST', '/projects/shop/flags', {
      key: 'checkout',
      name: 'Again',
      type: 'boolean',
    })
    expect(taken.status).toBe(409)
    for (let i = 0; i < 3; i++) await hooks.rename('Once', key)
    await hooks.rename('Twice')
    const told = await receiver.come(hook.path, 2)
    expect(told.map(({ json }) => json.data.after.name)).toEqual(['Once', 'Twice'])
    await hook.remove()
  })

  it('is told in words to Slack', async () => {
    const hook = await hooks.endpoint({ payload: 'slack' })
    await hooks.kill('orders <fail> & burn')
    const [told] = await receiver.come(hook.path, 1)
    expect(told!.json.text).toBe('Bootstrap: Killed (flag:checkout, shop / production)')
    expect(told!.json.blocks[0].text.text).toContain('> orders &lt;fail&gt; &amp; burn')
    await hooks.lift()
    await hook.remove()
  })

  it('that is large is told without its halves', async () => {
    const hook = await hooks.endpoint({ events: ['segment.*'] })
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
    const hook = await hooks.endpoint({ events: ['flag.update'] })
    const { body } = await jackstaff.api('POST', `${hook.at}/rotate`)
    expect(body.secret).not.toBe(hook.secret)
    const hours = (Date.parse(body.previousUntil) - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(23.9)
    expect(hours).toBeLessThan(24.1)
    await hooks.rename('Signed twice')
    const [both] = await receiver.come(hook.path, 1)
    verify(hook.secret, both!)
    verify(body.secret, both!)
    await withSql(
      jackstaff,
      (sql) => sql`update webhook set previous_until = now() - interval '1 s' where id = ${hook.id}`,
    )
    await hooks.rename('Signed once')
    const [, one] = await receiver.come(hook.path, 2)
    verify(body.secret, one!)
    expect(() => verify(hook.secret, one!)).toThrow()
    await hook.remove()
  })
})

describe('the code in docs/webhooks.md', () => {
  it.each([
    ['js', process.execPath],
    ['python', 'python3'],
  ])('verifies signatures, in %s', async (language, command) => {
    const folder = mkdtempSync(join(tmpdir(), 'jackstaff-webhooks-'))
    const file = join(folder, language === 'js' ? 'receiver.mjs' : 'receiver.py')
    writeFileSync(file, blockOf('docs/webhooks.md', language).code)
    const port = String(await freePort())
    const hook = await hooks.endpoint({ url: `http://127.0.0.1:${port}/`, events: ['flag.update'] })
    const program = start(command, [file], { WEBHOOK_SECRET: hook.secret, PORT: port })
    await until('it to listen', () =>
      fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD' }).catch(() => null),
    )
    const answered = async () => {
      const sent = await jackstaff.api('POST', `${hook.at}/test`)
      return until('the test to be answered', async () => {
        const [delivery] = await hook.deliveries()
        return delivery?.id === sent.body.id && delivery?.answered
      })
    }
    expect(await answered()).toBe(204)
    await jackstaff.api('POST', `${hook.at}/rotate`)
    expect(await answered()).toBe(204) // the secret that it has signs as well
    await jackstaff.api('POST', `${hook.at}/rotate`)
    expect(await answered()).toBe(401)
    expect(program.output()).toContain(`webhook.test webhook:${hook.id}`)
    await program.end()
    rmSync(folder, { recursive: true })
    await hook.remove()
  })
})
