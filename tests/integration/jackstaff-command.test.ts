import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '@/db/client'
import { UsageError } from '../../scripts/cli/command'
import { commands } from '../../scripts/cli/commands'
import { jackstaffCommand } from '../support/command'
import { type Edge, startEdge } from '../support/edge'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { withSql } from '../support/people'
import { freePort, until } from '../support/process'

const folder = mkdtempSync(join(tmpdir(), 'jackstaff-command-'))
let jackstaff: Jackstaff
let edge: Edge
let serverKey: string

const command = (args: string[], extra: Record<string, string> = {}) =>
  jackstaffCommand(args, { ...jackstaff.env, JACKSTAFF_TOKEN: jackstaff.token, ...extra })

beforeAll(async () => {
  jackstaff = await startJackstaff()
  serverKey = (await seedShop(jackstaff)).serverKey
  edge = await startEdge(jackstaff)
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  await jackstaff.api('PUT', PRODUCTION, share(100), { 'if-match': headers.get('etag')! })
})
afterAll(async () => {
  await edge?.program.end()
  await jackstaff?.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('every command', () => {
  it('tells its usage, and all of them are told of', async () => {
    for (const [name, { usage }] of Object.entries(commands))
      expect(usage).toMatch(new RegExp(`^jackstaff ${name}\\b`))
    const [all, one] = await Promise.all([jackstaffCommand([]), jackstaffCommand(['kill', '--help'])])
    expect(one).toEqual({ code: 0, output: expect.stringContaining(`Usage: ${commands.kill!.usage}`) })
    expect(all.code).toBe(0)
    for (const name of Object.keys(commands)) expect(all.output).toContain(`  ${name} `)
  })

  it.each([
    [['kill', 'checkout', '--in', 'production', '--reason', 'x'], 'name the flag as <project>/<flag>'],
    [['kill', 'shop/checkout', '--reason', 'x'], 'either --in <environment> or --everywhere'],
    [['kill', 'shop/checkout', '--everywhere'], 'say why'],
    [['backup'], 'name the file to write'],
    [['restore', 'a', '--force'], '--force'],
    [['flags', 'drop'], 'there are list, get and set'],
    [['flags', 'list', 'shop'], 'JACKSTAFF_TOKEN'],
    [['import', 'a.json'], 'say where to'],
    [['migrate', '--edge-role'], 'JACKSTAFF_EDGE_PASSWORD'],
    [['verify', 'everything'], 'there is audit'],
    [['doctor', 'who'], 'takes no "who"'],
  ])('says where it is not meant so: %j', async ([name, ...args], words) => {
    const failed = await Promise.resolve()
      .then(() => commands[name!]!.run(args))
      .catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(UsageError)
    expect((failed as Error).message).toContain(words)
  })

  it('ends with 2 then, and says no more than that', async () => {
    for (const args of [['nothing'], ['backup']]) {
      const { code, output } = await jackstaffCommand(args)
      expect(code, output).toBe(2)
      expect(output).toContain('Usage: jackstaff')
      expect(output).not.toContain('    at ')
    }
  })
})

describe('jackstaff flags', () => {
  it('lists, reads and switches', async () => {
    expect(await command(['flags', 'list', 'shop'])).toEqual({
      code: 0,
      output: 'checkout\tboolean\tNew checkout\n',
    })
    const set = await command([
      'flags',
      'set',
      'shop/checkout',
      '--in',
      'production',
      '--serve',
      'on',
      '--on',
    ])
    expect(set).toEqual({ code: 0, output: 'checkout is on, serving on in production.\n' })
    const got = await command(['flags', 'get', 'shop/checkout', '--in', 'production'])
    expect(JSON.parse(got.output)).toMatchObject({ on: true, fallthrough: { variant: 'on' } })
  })

  it('lists all there are, page by page', async () => {
    await jackstaff.api('POST', '/projects', { key: 'many', name: 'Many' })
    const keys = Array.from({ length: 101 }, (_, n) => `flag-${String(n).padStart(3, '0')}`)
    await withSql(jackstaff, async (sql) => {
      const [project] = await sql`select id from project where key = 'many'`
      const rows = keys.map((key) => ({
        project_id: project!.id,
        key,
        name: key,
        type: 'boolean',
        variants: sql.json({}),
      }))
      await sql`insert into flag ${sql(rows as never)}`
    })
    const { output } = await command(['flags', 'list', 'many', '--json'])
    expect((JSON.parse(output) as { key: string }[]).map(({ key }) => key)).toEqual(keys)
  })

  it('says what the server says, and where nobody answers', async () => {
    expect(await command(['flags', 'get', 'shop/nothing'])).toEqual({
      code: 1,
      output: expect.stringContaining('there is no flag "nothing"'),
    })
    expect(await command(['flags', 'list', 'shop'], { PUBLIC_URL: 'http://127.0.0.1:9' })).toEqual({
      code: 1,
      output: expect.stringContaining('set PUBLIC_URL'),
    })
  })
})

describe('jackstaff import', () => {
  it('tells what would change, and changes it with --yes', async () => {
    const file = join(folder, 'flags.json')
    const banner = {
      state: 'ENABLED',
      variants: { red: 'red', blue: 'blue' },
      defaultVariant: 'red',
      targeting: { if: [{ ends_with: [{ var: 'email' }, '@example.com'] }, 'blue', 'red'] },
    }
    const odd = { ...banner, targeting: { nonsense: [1] } }
    writeFileSync(file, JSON.stringify({ flags: { 'import-banner': banner, odd } }))
    const args = ['import', file, '--to', 'shop', '--in', 'production']
    const told = await command(args)
    expect(told, told.output).toMatchObject({ code: 0 })
    expect(told.output).toContain('+ flag import-banner')
    expect(told.output).toContain('left out $.flags.odd')
    expect((await jackstaff.api('GET', '/projects/shop/flags/import-banner')).status).toBe(404)
    expect(await command([...args, '--yes'])).toMatchObject({ code: 0 })
    const asked = await fetch(`${jackstaff.url}/ofrep/v1/evaluate/flags/import-banner`, {
      method: 'POST',
      headers: { authorization: `Bearer ${serverKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ context: { targetingKey: 'ana', email: 'ana@example.com' } }),
    })
    expect(await asked.json()).toMatchObject({ value: 'blue' })
    expect(await command([...args, '--yes'])).toEqual({ code: 1, output: expect.stringContaining('already') })
  })

  const at = (name: string, document: unknown) => {
    const file = join(folder, name)
    writeFileSync(file, JSON.stringify(document))
    return file
  }

  it('takes over what Unleash exports, with what it needs first', async () => {
    const strategy = (featureName: string, rest: object) => ({ featureName, name: 'default', ...rest })
    const file = at('unleash.json', {
      features: [{ name: 'u-child', description: 'Needs the other' }, { name: 'u-parent' }],
      featureStrategies: [
        strategy('u-child', { segments: [1] }),
        strategy('u-parent', {
          name: 'flexibleRollout',
          parameters: { rollout: '25', stickiness: 'default' },
        }),
      ],
      featureEnvironments: ['u-child', 'u-parent'].map((featureName) => ({ featureName, enabled: true })),
      segments: [
        { id: 1, name: 'Paying', constraints: [{ contextName: 'plan', operator: 'IN', values: ['pro'] }] },
      ],
      dependencies: [{ feature: 'u-child', dependencies: [{ feature: 'u-parent', enabled: true }] }],
    })
    const done = await command(['import', file, '--to', 'shop', '--in', 'production', '--yes'])
    expect(done, done.output).toMatchObject({ code: 0 })
    expect(done.output).toContain('an export of Unleash')
    const { body: flag } = await jackstaff.api('GET', '/projects/shop/flags/u-child')
    expect(flag.description).toBe('Needs the other')
    expect(flag.environments.production).toMatchObject({
      on: true,
      prerequisites: [{ flag: 'u-parent', variants: ['on'] }],
      rules: [{ when: { segment: 'paying' }, serve: { variant: 'on' } }],
      fallthrough: { variant: 'off' },
    })
    const { body: parent } = await jackstaff.api('GET', '/projects/shop/flags/u-parent')
    expect(parent.environments.production.rules[0].serve.rollout.share).toBe(25_000)
  })

  it('takes over flags and segments of LaunchDarkly, of an environment that has another name there', async () => {
    const clause = { attribute: '', op: 'segmentMatch', values: ['ld-friends'], negate: false }
    const live = {
      on: true,
      rules: [{ clauses: [clause], variation: 0 }],
      fallthrough: { variation: 1 },
      offVariation: 1,
    }
    const variations = [{ value: 'fast', name: 'Fast one' }, { value: 'slow' }]
    const item = { key: 'ld-engine', name: 'Engine', tags: ['ld'], variations, environments: { live } }
    const files = [
      at('ld-flags.json', { items: [item] }),
      at('ld-segments.json', { items: [{ key: 'ld-friends', included: ['ana'], excluded: [], rules: [] }] }),
    ]
    const args = ['import', ...files, '--to', 'shop', '--in', 'production', '--source', 'live']
    const done = await command([...args, '--yes'])
    expect(done, done.output).toMatchObject({ code: 0 })
    const { body } = await jackstaff.api('GET', '/projects/shop/flags/ld-engine')
    expect(body).toMatchObject({
      name: 'Engine',
      tags: ['ld'],
      variants: { 'fast-one': 'fast', slow: 'slow' },
    })
    const why = await jackstaff.api('POST', '/projects/shop/environments/production/evaluate', {
      flag: 'ld-engine',
      context: { targetingKey: 'ana' },
    })
    expect(why.body.flags[0]).toMatchObject({ value: 'fast' })
  })
})

describe('jackstaff migrate', () => {
  it('makes the role of edges, or gives it another password', async () => {
    for (const password of ['first-password-of-edges', "second'password\\of-edges"]) {
      const made = await command(['migrate', '--edge-role'], { JACKSTAFF_EDGE_PASSWORD: password })
      expect(made, made.output).toMatchObject({ code: 0 })
      const url = new URL(jackstaff.databaseUrl)
      url.username = 'jackstaff_edge'
      url.password = encodeURIComponent(password)
      const sql = connect(url.toString(), { max: 1 })
      expect(await sql`select count(*)::int > 0 as there from env_head`).toMatchObject([{ there: true }])
      await expect(sql`update flag set name = 'x'`).rejects.toThrow('permission denied')
      await sql.end()
    }
  })
})

/** A proxy that passes everything on but streams, which it holds back as a whole. */
async function bufferingProxy(target: string): Promise<{ url: string; server: Server }> {
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url } = incoming
    const inner = request(new URL(url!, target), { method, headers }, async (answer) => {
      const held: Buffer[] = []
      answer.on('data', (chunk: Buffer) => held.push(chunk))
      answer.on('error', () => outgoing.destroy())
      answer.on('end', () => outgoing.writeHead(answer.statusCode!, answer.headers).end(Buffer.concat(held)))
      if (answer.headers['content-type'] === 'text/event-stream')
        outgoing.writeHead(200, answer.headers).flushHeaders()
    })
    outgoing.on('close', () => inner.destroy())
    inner.on('error', () => outgoing.destroy())
    inner.end()
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${port}`, server }
}

describe('jackstaff doctor', () => {
  it('finds nothing wrong where nothing is, with a stream through the address', async () => {
    const { code, output } = await command(['doctor'], { JACKSTAFF_KEY: serverKey })
    expect(output).not.toContain('WRONG')
    expect(output).toMatch(/ok {4}streams: the first event came after \d+ ms, and a heartbeat followed/)
    expect(output).toContain('JACKSTAFF_SECRET is the one that')
    expect(code).toBe(0)
  })

  it('finds a proxy that holds streams back, another secret, and a Redis that is away', async () => {
    const { url, server } = await bufferingProxy(jackstaff.url)
    const { code, output } = await command(['doctor'], {
      PUBLIC_URL: url,
      JACKSTAFF_KEY: serverKey,
      JACKSTAFF_SECRET: 'x'.repeat(32),
      REDIS_URL: 'redis://127.0.0.1:9',
    })
    server.closeAllConnections()
    server.close()
    expect(code).toBe(1)
    expect(output).toMatch(/WRONG {2}streams: .*proxy_buffering off/)
    expect(output).toMatch(/WRONG {2}secret: .*set the former one/)
    expect(output).toMatch(/WRONG {2}Redis: .*check REDIS_URL/)
    expect(output).toMatch(/ok {4}database/)
  })

  it('says so where database and address are away', async () => {
    const { code, output } = await command(['doctor'], {
      PUBLIC_URL: 'http://127.0.0.1:9',
      DATABASE_URL: 'postgres://app@127.0.0.1:9/none',
    })
    expect(code).toBe(1)
    expect(output).toMatch(/WRONG {2}address .*does not answer/)
    expect(output).toMatch(/WRONG {2}database/)
  })
})

describe('jackstaff kill', () => {
  const answered = async () => {
    const response = await fetch(`${edge.url}/ofrep/v1/evaluate/flags/checkout`, {
      method: 'POST',
      headers: { authorization: `Bearer ${serverKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ context: { targetingKey: 'ana' } }),
    })
    return ((await response.json()) as { value: boolean }).value
  }

  it('works while the dashboard is down, is heard by edges, kept in the audit trail, and lifted again', async () => {
    await until('the flag to be on', answered)
    await jackstaff.program.end()
    const kill = ['kill', 'shop/checkout', '--in', 'production', '--reason', 'the dashboard is down']
    expect(await command(kill)).toEqual({
      code: 0,
      output: expect.stringContaining('is killed: production at'),
    })
    await until('the edge to serve off', async () => (await answered()) === false, 30_000)
    expect(await command(kill)).toEqual({ code: 0, output: expect.stringContaining('was killed already') })
    const lifted = await command(['unkill', 'shop/checkout', '--in', 'production'])
    expect(lifted).toEqual({ code: 0, output: expect.stringContaining('the dashboard is down') })
    await until('the edge to serve on', answered, 30_000)
    await jackstaff.startAgain()
    const { body } = await jackstaff.api('GET', '/projects/shop/audit?limit=10')
    const entry = body.items.find(({ action }: { action: string }) => action === 'flag.kill')
    expect(entry).toMatchObject({
      reason: 'the dashboard is down',
      origin: { userAgent: expect.stringContaining('jackstaff kill') },
    })
  })
})
