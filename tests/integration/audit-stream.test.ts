import { drizzle } from 'drizzle-orm/postgres-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkToldHeads, toldHeads } from '@/lib/control/audit-heads'
import { provide } from '@/lib/env'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { tokenOf, withSql } from '../support/people'
import { until } from '../support/process'
import { type Received, type Receiver, startReceiver } from '../support/receiver'
import { verify } from '../support/webhooks'

const STREAMS = '/webhooks'

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
async function endpoint() {
  const path = `/audit-${++made}`
  const { status, body } = await jackstaff.api('POST', STREAMS, {
    name: `Archive ${made}`,
    url: `${receiver.url}${path}`,
  })
  expect(status, JSON.stringify(body)).toBe(201)
  const at = `${STREAMS}/${body.id}`
  return {
    path,
    at,
    id: body.id as string,
    secret: body.secret as string,
    remove: () => jackstaff.api('DELETE', at),
  }
}

const entriesAt = (path: string) => receiver.at(path).filter(({ json }) => json.type === 'audit.entry')
const actionsOf = (told: readonly Received[]) => told.map(({ json }) => json.data.action)

/** What is in the database of entries after one. */
const recordedAfter = (id: number) =>
  withSql(jackstaff, (sql) => sql`select id, action, seq, hash from audit where id > ${id} order by id`)
const newestId = () =>
  withSql(jackstaff, async (sql) => Number((await sql`select max(id) as id from audit`)[0]!.id))

describe('an endpoint of the installation', () => {
  it('is sent every entry, of every project and of none, refusals too, in the order of each chain', async () => {
    const { path, secret, remove } = await endpoint()
    const from = await newestId()
    await jackstaff.api('POST', '/projects', { key: 'other', name: 'Other' })
    for (const percent of [10, 20, 30])
      await jackstaff.api('PUT', PRODUCTION, share(percent), { 'if-match': '*' })
    await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'it broke' })
    await jackstaff.api('POST', '/projects/other/segments', { key: 'vip', name: 'VIP' })
    const viewer = await tokenOf(jackstaff, 'viewer')
    expect((await viewer.api('POST', '/projects', { key: 'third', name: 'No' })).status).toBe(403)
    const recorded = await recordedAfter(from)
    expect(recorded.map(({ action }) => action)).toContain('access.refused')
    await until(`${recorded.length} entries`, () => entriesAt(path).length > recorded.length, 20_000)
    const told = entriesAt(path).filter(({ json }) => json.data.id > from) // its own creation came first
    expect(actionsOf(told).sort()).toEqual(recorded.map(({ action }) => action).sort())
    for (const one of told) expect(verify(secret, one)).toEqual(one.json)
    for (const project of ['shop', 'other', null]) {
      const seqs = told.map(({ json }) => json.data).filter((entry) => entry.project === project)
      const numbers = seqs.map(({ seq }) => seq)
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    }
    const kill = told.find(({ json }) => json.data.action === 'flag.kill')!.json.data
    expect(kill).toMatchObject({
      project: 'shop',
      reason: 'it broke',
      actor: { kind: 'service', name: 'Bootstrap' },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      origin: { ip: '127.0.0.1' },
    })
    await remove()
  })

  it('keeps the order while it fails, however often, and is sent all that waited', async () => {
    const { path, id, remove } = await endpoint()
    receiver.answerWith(path, 400, {}, 'no')
    const from = await newestId() // its own creation, which is not taken
    await jackstaff.api('PATCH', '/projects/shop/flags/checkout', { name: 'One' }, { 'if-match': '*' })
    const hurry = () =>
      withSql(jackstaff, (sql) => sql`update webhook_delivery set next_at = now() where webhook_id = ${id}`)
    const failed = (attempts: number) =>
      until('the attempt to be recorded', async () => {
        const { body } = await jackstaff.api('GET', `${STREAMS}/${id}/deliveries?limit=200`)
        return body.items.some((each: { attempts: number }) => each.attempts === attempts)
      })
    await failed(1)
    await jackstaff.api('PATCH', '/projects/shop/flags/checkout', { name: 'Two' }, { 'if-match': '*' })
    await withSql(
      jackstaff,
      (sql) => sql`update webhook_delivery set attempts = 20 where webhook_id = ${id} and attempts = 1`,
    )
    await hurry()
    await failed(21) // a webhook of a project gives up after ten
    expect(new Set(receiver.at(path).map(({ json }) => json.data.id)).size).toBe(1)
    const before = receiver.at(path).length
    receiver.answerWith(path, 204)
    await hurry()
    const recorded = await recordedAfter(from)
    const delivered = () => receiver.at(path).slice(before)
    await until(
      'both',
      () => actionsOf(delivered()).filter((action) => action === 'flag.update').length >= 2,
      20_000,
    )
    const ids = [...new Set(delivered().map(({ json }) => json.data.id))]
    expect(ids).toEqual([from, ...recorded.map((row) => Number(row.id))].slice(0, ids.length))
    await remove()
  })

  it('is told the signed ends of the chains each hour, which `audit:verify` takes for the log', async () => {
    const { path, secret, remove } = await endpoint()
    const other = await endpoint()
    await withSql(
      jackstaff,
      (sql) => sql`update audit_head set shipped_at = now() - interval '2 hours' where chain = 0`,
    )
    await jackstaff.program.end()
    await jackstaff.startAgain() // looks as it starts
    const isHead = ({ json }: Received) => json.type === 'audit.head'
    await until(
      'both to be told',
      () => [path, other.path].every((each) => receiver.at(each).some(isHead)),
      30_000,
    )
    const told = receiver.at(path).find(isHead)!
    verify(secret, told)
    const { heads } = told.json.data
    expect(heads.map(({ chain }: { chain: number }) => chain)).toContain(0)
    const { body } = await jackstaff.api('GET', `${STREAMS}/${other.id}/deliveries`)
    expect(body.items.map(({ action }: { action: string }) => action)).toContain('audit.head')
    const lines = heads.map((head: object) => JSON.stringify(head)).join('\n')
    const denied = (text: string) =>
      withSql(jackstaff, (sql) => checkToldHeads(drizzle(sql) as never, toldHeads(text)))
    provide('JACKSTAFF_SECRET', jackstaff.env.JACKSTAFF_SECRET!)
    expect(await denied(lines)).toEqual([])
    expect(await denied(lines.replace(/"seq":\d+/, '"seq":999999'))).toHaveLength(1)
    await Promise.all([remove(), other.remove()])
  })

  it('is tested, rotated, changed and deleted like any other, and recorded', async () => {
    const { path, at, secret } = await endpoint()
    const sent = await jackstaff.api('POST', `${at}/test`)
    expect(sent.body).toMatchObject({ status: 'pending', action: 'webhook.test' })
    await receiver.come(path, 1)
    const tests = () => entriesAt(path).filter(({ json }) => json.data.action === 'webhook.test')
    await until('the test', () => tests().length > 0)
    const rotated = await jackstaff.api('POST', `${at}/rotate`)
    expect(rotated.body.secret).not.toBe(secret)
    expect((await jackstaff.api('PATCH', at, { enabled: false })).body).toMatchObject({ enabled: false })
    expect((await jackstaff.api('POST', `${at}/test`)).status).toBe(409)
    expect((await jackstaff.api('DELETE', at)).status).toBe(204)
    expect((await jackstaff.api('GET', at)).status).toBe(404)
    expect(tests()).toHaveLength(1)
  })

  it('takes what a project’s has not, and is none of a project’s', async () => {
    const { at, id, remove } = await endpoint()
    expect((await jackstaff.api('PATCH', at, { events: ['*'] })).status).toBe(422)
    expect((await jackstaff.api('GET', `/projects/shop/webhooks/${id}`)).status).toBe(404)
    const { body } = await jackstaff.api('GET', '/projects/shop/webhooks')
    expect(body.items).toEqual([])
    await remove()
    for (let i = 0; i < 5; i++) await endpoint()
    const sixth = await jackstaff.api('POST', STREAMS, { name: 'Sixth', url: `${receiver.url}/x` })
    expect([sixth.status, sixth.body.detail]).toEqual([409, expect.stringContaining('at most 5')])
  })

  it('needs whoever makes it to read the trail, with addresses and sessions', async () => {
    await jackstaff.api('POST', '/roles', {
      key: 'hooks',
      name: 'Hooks',
      permissions: ['webhook:write', 'webhook:read'],
    })
    const { body } = await jackstaff.api('POST', '/tokens', { name: 'Hooks', grants: [{ role: 'hooks' }] })
    const refused = await jackstaff.api(
      'POST',
      STREAMS,
      { name: 'Mine', url: `${receiver.url}/mine` },
      { authorization: `Bearer ${body.token}` },
    )
    expect([refused.status, refused.body.detail]).toEqual([
      403,
      expect.stringContaining('"audit:read" is needed'),
    ])
  })
})
