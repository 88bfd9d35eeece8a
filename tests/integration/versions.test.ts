import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'

// Every 64th version keeps a snapshot: this history crosses two of them.
const EDITS = 140

let jackstaff: Jackstaff
/** What `counter` served, by version of production. */
const history = new Map<number, number>()

const SHOP = '/projects/shop'
const FLAGS = `${SHOP}/flags`
const VERSIONS = `${SHOP}/environments/production/versions`
const any = { 'if-match': '*' }
const share = (steps: number) => ({
  on: true,
  offVariant: 'off',
  fallthrough: {
    rollout: {
      share: steps,
      split: [{ variant: 'on', weight: 100_000 }],
      rest: { variant: 'off' },
    },
  },
})
const serve = { on: true, offVariant: 'off', fallthrough: { variant: 'on' } }
const at = (key: string) => `${FLAGS}/${key}/environments/production`
const put = (key: string, body: object) => jackstaff.api('PUT', at(key), body, any)
const restore = (body: object) => jackstaff.api('POST', `${VERSIONS}/restore`, body)
const flag = (key: string) => jackstaff.api('POST', FLAGS, { key, name: key, type: 'boolean' })
const versionIn = (headers: Headers) =>
  Number(/production=\d+\.(\d+)\./.exec(headers.get('x-jackstaff-version')!)![1])
const newest = async () => (await jackstaff.api('GET', `${VERSIONS}?limit=1`)).body.items[0].version as number
const shareNow = async () => (await jackstaff.api('GET', at('counter'))).body.fallthrough.rollout.share

beforeAll(async () => {
  jackstaff = await startJackstaff()
  await jackstaff.api('POST', '/projects', { key: 'shop', name: 'Shop' })
  await flag('counter')
  for (let i = 1; i <= EDITS; i++) {
    const { headers } = await put('counter', share(i))
    history.set(versionIn(headers), i)
  }
})
afterAll(() => jackstaff?.stop())

describe('the history', () => {
  it('rebuilds every version, on both sides of every snapshot', async () => {
    const versions = [...history.keys()]
    expect(versions.at(-1)).toBeGreaterThan(130)
    const near = versions.filter(
      (v) => v % 64 <= 2 || v % 64 >= 62 || v === versions[0] || v === versions.at(-1),
    )
    expect(near.length).toBeGreaterThan(8)
    for (const version of near) {
      const { body } = await jackstaff.api('GET', `${VERSIONS}/${version}`)
      expect(body.config.flags.counter.fallthrough.rollout.share, `version ${version}`).toBe(
        history.get(version),
      )
      expect(body.config.flags.counter.version).toBe(version)
    }
  })

  it('pages newest first, without losing or repeating a version', async () => {
    const seen: number[] = []
    let cursor = ''
    do {
      const { body } = await jackstaff.api('GET', `${VERSIONS}?limit=50${cursor && `&cursor=${cursor}`}`)
      seen.push(...body.items.map((item: { version: number }) => item.version))
      cursor = body.next
    } while (cursor)
    const top = await newest()
    expect(seen).toEqual(Array.from({ length: top }, (_, i) => top - i))
    const { body } = await jackstaff.api('GET', `${VERSIONS}?flag=counter&limit=1`)
    expect(body.total).toBe(EDITS + 1)
  })

  it('has exactly one audit entry for each version, which names it', async () => {
    const named: string[] = []
    let cursor = ''
    do {
      const { body } = await jackstaff.api('GET', `${SHOP}/audit?limit=200${cursor && `&cursor=${cursor}`}`)
      for (const { versions } of body.items) if (versions.production) named.push(versions.production)
      cursor = body.next
    } while (cursor)
    expect(new Set(named).size).toBe(named.length)
    expect(named.length).toBe(await newest())
  })
})

describe('restoring a version', () => {
  it.each([3, 63, 64, 65, 127, 128, 129])('across snapshots: %i', async (version) => {
    const answer = await restore({ version, flags: ['counter'] })
    expect(answer.status).toBe(200)
    expect(await shareNow()).toBe(history.get(version))
  })

  it('that changes nothing makes no version and no audit entry', async () => {
    const version = [...history.keys()][9]!
    await restore({ version, flags: ['counter'] })
    const [top, entries] = [await newest(), (await jackstaff.api('GET', `${SHOP}/audit`)).body.total]
    const again = await restore({ version, flags: ['counter'] })
    expect(again.body).toEqual({ restored: [], skipped: [] })
    expect(again.headers.get('x-jackstaff-version')).toBeNull()
    expect([await newest(), (await jackstaff.api('GET', `${SHOP}/audit`)).body.total]).toEqual([top, entries])
  })

  it('names every flag that is not there any more, and restores none of the others', async () => {
    for (const key of ['kept', 'gone', 'lost']) await flag(key)
    const then = versionIn((await put('kept', serve)).headers)
    await put('kept', { ...serve, on: false })
    for (const key of ['gone', 'lost']) await jackstaff.api('DELETE', `${FLAGS}/${key}`)
    const top = await newest()
    const refused = await restore({ version: then, flags: ['kept', 'gone', 'lost', 'never'] })
    expect(refused.status).toBe(409)
    expect(refused.body.flags).toEqual(['gone', 'lost', 'never'])
    expect([await newest(), (await jackstaff.api('GET', at('kept'))).body.on]).toEqual([top, false])
    const whole = await restore({ version: then })
    expect(whole.body.restored).toContain('kept')
    expect(whole.body.skipped.sort()).toEqual(['gone', 'lost'])
    expect((await jackstaff.api('GET', at('kept'))).body.on).toBe(true)
  })

  it('names every variant that is gone since, and restores none of the flags', async () => {
    for (const key of ['fits', 'broken']) {
      const variants = { on: 'a', off: 'b', old: 'c' }
      await jackstaff.api('POST', FLAGS, { key, name: key, type: 'string', variants })
    }
    await put('fits', serve)
    const then = versionIn((await put('broken', { ...serve, fallthrough: { variant: 'old' } })).headers)
    await put('fits', { ...serve, on: false })
    await put('broken', serve)
    for (const environment of ['development', 'staging'])
      await jackstaff.api('PUT', `${FLAGS}/broken/environments/${environment}`, serve, any)
    const variants = { on: 'a', off: 'b' }
    expect((await jackstaff.api('PATCH', `${FLAGS}/broken`, { variants }, any)).status).toBe(200)
    const top = await newest()
    const refused = await restore({ version: then, flags: ['fits', 'broken'] })
    expect(refused.status).toBe(409)
    expect(refused.body.problems).toEqual([
      'flags.broken.fallthrough: flag "broken" has no variant "old": use one of "on", "off"',
    ])
    expect([await newest(), (await jackstaff.api('GET', at('fits'))).body.on]).toEqual([top, false])
  })

  it('may turn prerequisites around: only the result must be free of circles', async () => {
    for (const key of ['a-needs', 'b-needs']) {
      await flag(key)
      await put(key, serve)
    }
    const need = (key: string) => ({ ...serve, prerequisites: [{ flag: key, variants: ['on'] }] })
    const first = versionIn((await put('a-needs', need('b-needs'))).headers)
    await put('a-needs', serve)
    const second = versionIn((await put('b-needs', need('a-needs'))).headers)
    for (const version of [first, second, first])
      expect((await restore({ version, flags: ['a-needs', 'b-needs'] })).status).toBe(200)
    expect((await jackstaff.api('GET', at('a-needs'))).body.prerequisites).toHaveLength(1)
    expect((await jackstaff.api('GET', at('b-needs'))).body.prerequisites).toEqual([])
  })

  it('leaves kills as they are', async () => {
    const version = [...history.keys()][20]!
    const kill = await jackstaff.api('PUT', `${at('counter')}/kill`, { reason: 'x' })
    expect((await restore({ version, flags: ['counter'] })).status).toBe(200)
    expect((await jackstaff.api('GET', at('counter'))).body.kill).toEqual(kill.body)
    const { body } = await jackstaff.api('GET', `${VERSIONS}/${await newest()}`)
    expect(body.config.killed).toEqual(['counter'])
  })

  it('of the future is not found', async () => {
    expect((await restore({ version: 2_000_000 })).status).toBe(404)
  })
})
