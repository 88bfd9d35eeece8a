import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditView } from '@/lib/control/views'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { personOf, signInLinkFor, tokenOf, withSql } from '../support/people'
import { until } from '../support/process'

let jackstaff: Jackstaff
let directory: string
beforeAll(async () => {
  jackstaff = await startJackstaff()
  await seedShop(jackstaff)
  directory = await mkdtemp(join(tmpdir(), 'jackstaff-audit-'))
})
afterAll(async () => {
  await jackstaff?.stop()
  await rm(directory, { recursive: true, force: true })
})

const get = async (query: string, path = '/projects/shop/audit') => {
  const { status, body } = await jackstaff.api('GET', `${path}${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return body as { items: AuditView[]; next: string | null; total: number }
}
const actions = ({ items }: { items: AuditView[] }) => items.map(({ action }) => action)

async function exported(query: string, path = '/projects/shop/audit') {
  const response = await fetch(`${jackstaff.url}/api/v1${path}${query}`, {
    headers: { authorization: `Bearer ${jackstaff.token}`, accept: 'application/x-ndjson' },
  })
  expect(response.headers.get('content-type')).toBe('application/x-ndjson')
  const text = await response.text()
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  return { entries: lines.slice(0, -1) as AuditView[], end: lines.at(-1) }
}

/** Runs the command as an operator does; answers with what it printed and its exit code. */
function verify(...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      ['dist/jackstaff.mjs', 'verify', 'audit', ...args],
      { env: { ...process.env, ...jackstaff.env } },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    ),
  )
}

const browser = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${jackstaff.url}/api/v1${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      'user-agent': 'Browser/1.0',
      ...headers,
    },
    body: JSON.stringify(body),
  })

describe('an entry', () => {
  it('says who, by what, from where, what before and after, why, in which request, and its place', async () => {
    const { headers } = await jackstaff.api('GET', PRODUCTION)
    const body = { ...share(10), comment: 'a tenth' }
    const answer = await jackstaff.api('PUT', PRODUCTION, body, {
      'if-match': headers.get('etag')!,
      'user-agent': 'Deploy/2.1',
    })
    const [entry] = (await get('?limit=1')).items
    expect(entry).toMatchObject({
      actor: { kind: 'service', id: 'svc_bootstrap', name: 'Bootstrap' },
      action: 'targeting.update',
      project: 'shop',
      environment: 'production',
      reason: 'a tenth',
      requestId: answer.headers.get('x-request-id'),
      origin: { ip: '127.0.0.1', userAgent: 'Deploy/2.1', via: { token: 'svc_bootstrap' } },
      before: { on: false },
      after: { on: true },
    })
    expect(`production=${entry!.versions.production}`).toBe(answer.headers.get('x-jackstaff-version'))
    expect(entry!.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(entry!.seq).toBeGreaterThan(4)
  })

  it('names a person as that person is called now, and a former member once the name is erased', async () => {
    const { cookie, id } = await personOf(jackstaff, 'publisher')
    await browser('PUT', `${PRODUCTION}/kill`, { reason: 'drill' }, { cookie })
    const named = async () => (await get('?action=flag.kill&limit=1')).items[0]!
    expect(await named()).toMatchObject({
      actor: { kind: 'user', id, name: 'publisher' },
      origin: { userAgent: 'Browser/1.0', via: { session: `ses_${id}`, method: 'link' } },
    })
    await withSql(jackstaff, (sql) => sql`update app_user set name = '' where id = ${id}`)
    expect((await named()).actor).toEqual({ kind: 'user', id, name: 'former member' })
    const [{ stored }] = (await withSql(
      jackstaff,
      (sql) => sql`select actor::text as stored from audit where action = 'flag.kill'`,
    )) as unknown as [{ stored: string }]
    expect(JSON.parse(stored)).toEqual({ kind: 'user', id })
    expect((await verify()).code).toBe(0)
  })

  it('keeps addresses and sessions from those who do not manage members', async () => {
    const { api } = await tokenOf(jackstaff, 'viewer')
    await api('POST', '/projects', { key: 'x', name: 'X' }) // refused: an entry of the installation
    for (const path of ['/projects/shop/audit', '/audit']) {
      const { body } = await api('GET', path)
      expect(body.items.length).toBeGreaterThan(0)
      expect(body.items.every((entry: AuditView) => entry.origin === null)).toBe(true)
    }
  })
})

describe('sign-ins and refusals', () => {
  const ofInstallation = (query: string) => get(query, '/audit')

  it('are entries of the installation: a sign-in by a link, a link that does not work, a sign-out', async () => {
    const { id } = await personOf(jackstaff, 'viewer')
    const token = await signInLinkFor(jackstaff, id)
    const signedIn = await browser('POST', '/sign-in', { token })
    const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!
    expect((await browser('POST', '/sign-in', { token })).status).toBe(403)
    expect((await browser('POST', '/sign-out', {}, { cookie })).status).toBe(200)
    const { items } = await ofInstallation('?action=session.&limit=3')
    expect(actions({ items })).toEqual(['session.sign_out', 'session.refused', 'session.sign_in'])
    const [out, refused, into] = items
    expect(into).toMatchObject({
      actor: { kind: 'user', id, name: 'viewer' },
      after: { method: 'link' },
      project: null,
    })
    expect(refused).toMatchObject({
      actor: { id: 'anonymous' },
      target: 'route:POST /api/v1/sign-in',
      origin: { ip: '127.0.0.1', userAgent: 'Browser/1.0', via: null },
    })
    expect(refused!.reason).toContain('used already')
    expect(out).toMatchObject({ actor: { id }, origin: { via: { method: 'link' } } })
    expect(JSON.stringify(items)).not.toContain(token)
  })

  it('of a write: one entry a minute for whoever asks again and again, and later ones count the others', async () => {
    const { id, api } = await tokenOf(jackstaff, 'viewer')
    const asked = Array.from({ length: 20 }, () => api('PUT', `${PRODUCTION}/kill`, { reason: 'x' }))
    for (const { status } of await Promise.all(asked)) expect(status).toBe(403)
    const of = (actor: string) => ofInstallation(`?action=access.refused&actor=${actor}`)
    expect((await of(id)).items).toMatchObject([
      {
        target: `route:PUT /api/v1${PRODUCTION}/kill`,
        after: { needed: 'flag:kill' },
        reason: '"flag:kill" is needed here; your role: viewer',
      },
    ])
    const other = await tokenOf(jackstaff, 'viewer')
    await other.api('PUT', `${PRODUCTION}/kill`, { reason: 'x' })
    expect((await of(other.id)).items).toMatchObject([{ after: { needed: 'flag:kill', unrecorded: 19 } }])
  })

  it('of whoever tries many things are few, however many', async () => {
    const { id, api } = await tokenOf(jackstaff, 'viewer')
    for (let n = 0; n < 30; n++)
      expect((await api('PUT', `/projects/shop/flags/f${n}/kill`, { reason: 'x' })).status).toBe(403)
    expect((await ofInstallation(`?actor=${id}`)).total).toBe(10)
  })

  it('of a read, and what is wrong in itself, are none', async () => {
    const before = (await ofInstallation('')).total
    const { api } = await tokenOf(jackstaff, 'viewer')
    expect((await api('GET', '/projects/shop/environments/production/keys')).status).toBe(403)
    expect((await jackstaff.api('POST', '/projects', { key: '?', name: 'x' })).status).toBe(422)
    expect((await ofInstallation('')).total).toBe(before)
  })
})

describe('the list', () => {
  it('is narrowed by environment, beginning of the action, target, actor, time and words', async () => {
    const all = await get('')
    expect(all.total).toBe(all.items.length)
    expect(new Set(actions(await get('?action=key.')))).toEqual(new Set(['key.create']))
    expect(actions(await get('?environment=production&action=flag.'))).toEqual(['flag.kill'])
    expect(actions(await get('?target=flag:checkout&action=flag.create'))).toEqual(['flag.create'])
    expect((await get('?actor=nobody')).total).toBe(0)
    expect(actions(await get('?q=A%20TENTH'))).toEqual(['targeting.update'])
    expect(actions(await get('?q=bootstrap')).length).toBeGreaterThan(3)
    const kill = (await get('?action=flag.kill')).items[0]!
    expect((await get(`?q=${kill.requestId}`)).items.map(({ id }) => id)).toEqual([kill.id])
    const [newer, older] = [await get(`?from=${kill.at}`), await get(`?to=${kill.at}`)]
    expect(newer.total + older.total).toBe(all.total)
    expect(actions(newer)).toContain('flag.kill')
    expect(await get('?environment=&action=&target=&actor=&q=')).toEqual(all)
  })

  it('finds by the name of a person, as it is now', async () => {
    const { id, cookie } = await personOf(jackstaff, 'publisher')
    await withSql(jackstaff, (sql) => sql`update app_user set name = 'Zoë Quist' where id = ${id}`)
    const { headers } = await jackstaff.api('GET', PRODUCTION)
    await browser('PUT', PRODUCTION, share(20), { cookie, 'if-match': headers.get('etag')! })
    expect((await get('?q=zo%C3%AB')).items.map(({ actor }) => actor)).toEqual([
      { kind: 'user', id, name: 'Zoë Quist' },
    ])
  })

  it.each(['?from=yesterday', '?scope=everything', '?colour=red', '?cursor=x'])(
    'refuses %s and names the field',
    async (query) => {
      const { status, body } = await jackstaff.api('GET', `/audit${query}`)
      expect(status).toBe(422)
      expect(body.errors).toHaveLength(1)
    },
  )

  it('of the installation is its own, or everything', async () => {
    const own = await get('?limit=200', '/audit')
    expect(own.items.every(({ project }) => project === null)).toBe(true)
    const all = await get('?limit=200&scope=all', '/audit')
    expect(all.total).toBe(own.total + (await get('')).total)
    expect(new Set(all.items.map(({ project }) => project))).toEqual(new Set([null, 'shop']))
  })

  it('of the installation is closed to those who belong to a project alone', async () => {
    const { api } = await tokenOf(jackstaff, 'admin', {}, { project: 'shop', environment: null })
    expect((await api('GET', '/audit')).status).toBe(403)
    expect((await api('GET', '/audit?project=shop')).status).toBe(422)
    expect((await api('GET', '/projects/shop/audit')).status).toBe(200)
  })
})

describe('the export', () => {
  it('is all that matches, oldest first, and ends with where the chain stood', async () => {
    const { items } = await get('?limit=200')
    const { entries, end } = await exported('')
    expect(entries).toEqual(items.toReversed())
    const last = entries.at(-1)!
    expect(end).toEqual({
      end: true,
      entries: entries.length,
      heads: [{ chain: expect.any(Number), seq: last.seq, hash: last.hash }],
    })
    expect((await exported('?action=key.')).entries.map(({ action }) => action)).toEqual([
      'key.create',
      'key.create',
    ])
  })

  it('of everything has the end of each chain', async () => {
    const { entries, end } = await exported('?scope=all', '/audit')
    expect(end.entries).toBe(entries.length)
    expect(end.heads).toHaveLength(2)
  })

  it('of many entries takes little memory, and stays whole while entries are added', async () => {
    await withSql(
      jackstaff,
      (sql) => sql`
      insert into audit (actor, action, target, request_id, project_id, after)
      select '{"kind":"system","id":"s","name":"S"}', 'flag.update', 'flag:many', 'r', id, json_build_object('x', repeat('y', 10000))
      from project, generate_series(1, 50000)`,
    )
    const before = await residentBytes()
    const response = await fetch(`${jackstaff.url}/api/v1/projects/shop/audit?target=flag:many`, {
      headers: { authorization: `Bearer ${jackstaff.token}`, accept: 'application/x-ndjson' },
    })
    let bytes = 0
    let most = 0
    let lines = 0
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      if (bytes === 0) await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'meanwhile' })
      bytes += chunk.length
      lines += chunk.filter((byte) => byte === 10).length
      if (lines % 500 === 0) most = Math.max(most, await residentBytes())
    }
    const grown = Math.round((most - before) / 2 ** 20)
    console.log(
      `${lines} lines, ${Math.round(bytes / 2 ** 20)} MB exported; the process grew by ${grown} MB at most`,
    )
    expect(lines).toBe(50_001)
    expect(grown).toBeLessThan(250) // of 500 MB and more, were it all held at once
    await withSql(jackstaff, (sql) => sql`delete from audit where target = 'flag:many'`)
  })

  it('is made for two readers at once: another is told so, and a reader that leaves makes room', async () => {
    await withSql(
      jackstaff,
      (sql) => sql`
      insert into audit (actor, action, target, request_id, project_id, after)
      select '{"kind":"system","id":"s","name":"S"}', 'flag.update', 'flag:many', 'r', id, json_build_object('x', repeat('y', 100000))
      from project, generate_series(1, 500)`,
    )
    const ask = (abort: AbortController) =>
      fetch(`${jackstaff.url}/api/v1/projects/shop/audit`, {
        headers: { authorization: `Bearer ${jackstaff.token}`, accept: 'application/x-ndjson' },
        signal: abort.signal,
      })
    const readers = [new AbortController(), new AbortController()]
    for (const reader of readers) expect((await ask(reader)).status).toBe(200)
    const third = await ask(new AbortController())
    expect([third.status, ((await third.json()) as { detail: string }).detail]).toEqual([
      503,
      expect.stringContaining('2 exports are under way'),
    ])
    for (const reader of readers) reader.abort()
    await until('room for another', async () => {
      const abort = new AbortController()
      const { status } = await ask(abort)
      abort.abort()
      return status === 200
    })
    await withSql(jackstaff, (sql) => sql`delete from audit where target = 'flag:many'`)
  })

  const residentBytes = async () => {
    const { readFile } = await import('node:fs/promises')
    const status = await readFile(`/proc/${jackstaff.program.child.pid}/status`, 'utf8')
    return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) * 1_024
  }
})

describe('npm run audit:verify', () => {
  it('finds nothing wrong, says so a chain a line, and ends with 0', async () => {
    const { code, output } = await verify()
    expect(output).toMatch(/^installation, \d+ entries, ends at \d+ [0-9a-f]{12}: as it was written$/m)
    expect(output).toMatch(/^shop, \d+ entries, ends at \d+ [0-9a-f]{12}: as it was written$/m)
    expect(output).toMatch(/^\d+ versions: as it was written$/m)
    expect(code).toBe(0)
  })

  it('checks what the log was told at the start and at the end of the process, and sees a truncated chain', async () => {
    await jackstaff.program.end()
    const log = join(directory, 'log')
    writeFileSync(log, jackstaff.program.output())
    const told = jackstaff.program
      .output()
      .split('\n')
      .filter((line) => line.includes('"audit":"head"'))
    expect(told.length).toBeGreaterThanOrEqual(2)
    const fine = await verify('--head', log)
    expect([fine.code, fine.output]).toEqual([
      0,
      expect.stringContaining(`${told.length} heads of ${log}: as it was written`),
    ])
    await withSql(jackstaff, async (sql) => {
      await sql`delete from audit where project_id is null and seq = (select seq from audit_head where chain = 0)`
      await sql`update audit_head h set seq = a.seq, hash = a.hash from audit a where h.chain = 0 and a.project_id is null and a.seq = h.seq - 1`
    })
    expect((await verify()).code).toBe(0)
    const { code, output } = await verify('--head', log)
    expect(code).toBe(1)
    expect(output).toMatch(/chain 0 ended at entry \d+ on .*, and ends at entry \d+ now: it was truncated/)
    await jackstaff.startAgain()
  })

  it('names what was changed, and ends with 1', async () => {
    const { id, seq } = (await get('?limit=1')).items[0]!
    await withSql(jackstaff, (sql) => sql`update audit set ip = '203.0.113.9' where id = ${id}`)
    const { code, output } = await verify()
    expect(output).toContain(`entry ${seq} (id ${id}) was changed`)
    expect(code).toBe(1)
  })
})
