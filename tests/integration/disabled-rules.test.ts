import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Jackstaff, seedShop, startJackstaff } from '../support/jackstaff'

const SHOP = '/projects/shop'
const PRODUCTION = `${SHOP}/flags/resting/environments/production`
const VERSIONS = `${SHOP}/environments/production/versions`
const any = { 'if-match': '*' }

let jackstaff: Jackstaff
let serverKey: string
beforeAll(async () => {
  jackstaff = await startJackstaff()
  serverKey = (await seedShop(jackstaff)).serverKey
  await jackstaff.api('POST', `${SHOP}/flags`, { key: 'resting', name: 'Resting', type: 'boolean' })
  await jackstaff.api('POST', `${SHOP}/segments`, { key: 'beta', name: 'Beta', included: ['ana'] })
})
afterAll(() => jackstaff?.stop())

const beta = { id: 'beta', when: { segment: 'beta' }, serve: { variant: 'on' } }
const pro = {
  id: 'pro',
  when: { attribute: 'plan', op: 'is_one_of', values: ['pro'] },
  serve: { variant: 'on' },
}
const asleep = { ...beta, disabled: true, comment: 'Again after the sale' }

async function put(rules: object[], where = PRODUCTION) {
  const body = { on: true, offVariant: 'off', rules, fallthrough: { variant: 'off' } }
  const answer = await jackstaff.api('PUT', where, body, any)
  return { ...answer, published: answer.headers.get('x-jackstaff-version') }
}

async function served(path: string): Promise<string> {
  const response = await fetch(`${jackstaff.url}${path}`, {
    headers: { authorization: `Bearer ${serverKey}` },
  })
  expect(response.status).toBe(200)
  return response.text()
}

const forAna = async () => {
  const context = { targetingKey: 'ana' }
  const { body } = await jackstaff.api('POST', `${SHOP}/environments/production/evaluate`, {
    flag: 'resting',
    context,
  })
  return body.flags[0].variant
}

it('keeps a disabled rule and every comment out of what is served, and in what people see', async () => {
  await put([beta, pro])
  expect(await forAna()).toBe('on')
  const { published } = await put([asleep, { ...pro, comment: 'For Ana' }])
  expect(published).toMatch(/^production=/)
  expect(await forAna()).toBe('off')
  expect((await jackstaff.api('GET', PRODUCTION)).body.rules).toEqual([
    asleep,
    { ...pro, comment: 'For Ana' },
  ])

  const [config, flagd] = await Promise.all([served('/config'), served('/flagd/shop/production.json')])
  for (const text of [config, flagd]) {
    expect(text).toContain('plan')
    for (const word of ['beta', 'sale', 'Ana', 'disabled":']) expect(text).not.toContain(word)
  }
  const { body } = await jackstaff.api('GET', `${VERSIONS}?flag=resting&limit=1`)
  expect(body.items[0].after.rules[0]).toEqual(asleep)
})

it('publishes nothing where only a comment changed, and records it', async () => {
  const { published, body } = await put([asleep, { ...pro, comment: 'For everybody who pays' }])
  expect(published).toBeNull()
  expect(body.rules[1].comment).toBe('For everybody who pays')
  const audit = await jackstaff.api('GET', `${SHOP}/audit?limit=1`)
  expect(audit.body.items[0]).toMatchObject({
    action: 'targeting.update',
    before: { rules: [asleep, { comment: 'For Ana' }] },
    after: { rules: [asleep, { comment: 'For everybody who pays' }] },
  })
})

it('checks a disabled rule like the others, and keeps what it names from being deleted', async () => {
  const { status, body } = await put([{ ...asleep, when: { segment: 'gamma' } }, pro])
  expect(status).toBe(422)
  expect(body.errors[0]).toMatchObject({ path: 'rules.0.when' })
  expect((await jackstaff.api('DELETE', `${SHOP}/segments/beta`)).status).toBe(409)
})

it('restores what a version served, beside the disabled rules and comments of now', async () => {
  const commented = { ...pro, comment: 'For everybody who pays' }
  const then = await put([asleep, commented])
  await put([asleep, { ...commented, serve: { variant: 'off' } }])
  const { body: page } = await jackstaff.api('GET', `${VERSIONS}?flag=resting&limit=2`)
  expect(then.status).toBe(200)
  const restored = await jackstaff.api('POST', `${VERSIONS}/restore`, {
    version: page.items[1].version,
    flags: ['resting'],
  })
  expect(restored.status).toBe(200)
  expect((await jackstaff.api('GET', PRODUCTION)).body.rules).toEqual([asleep, commented])
})
