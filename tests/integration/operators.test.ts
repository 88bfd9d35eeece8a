import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JackstaffProvider } from '../../providers/server/src'
import { type Jackstaff, PRODUCTION, seedShop, startJackstaff } from '../support/jackstaff'
import { bearer } from '../support/raw-http'

let jackstaff: Jackstaff
let serverKey: string

beforeAll(async () => {
  jackstaff = await startJackstaff()
  ;({ serverKey } = await seedShop(jackstaff))
})
afterAll(() => jackstaff?.stop())

async function publish(...conditions: object[]) {
  const rules = conditions.map((when, i) => ({ id: `r${i}`, when, serve: { variant: 'on' } }))
  const targeting = { on: true, offVariant: 'off', rules, fallthrough: { variant: 'off' } }
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  return jackstaff.api('PUT', PRODUCTION, targeting, { 'if-match': headers.get('etag')! })
}

async function overOfrep(context: object): Promise<unknown> {
  const response = await fetch(`${jackstaff.url}/ofrep/v1/evaluate/flags/checkout`, {
    method: 'POST',
    headers: { ...bearer(serverKey), 'content-type': 'application/json' },
    body: JSON.stringify({ context }),
  })
  return (await response.json()).value
}

describe('an operator', () => {
  it('that is given what it does not take is refused, with the place and the rule', async () => {
    const { status, body } = await publish(
      { attribute: 'email', op: 'matches', values: ['^a', '('] },
      { all: [{ attribute: 'ip', op: 'ip_in_cidr', values: ['10.1.2.3/8'] }] },
      { attribute: 'app', op: 'semver_gte', values: ['latest'] },
      { attribute: 'seen', op: 'within_last', values: ['7'] },
    )
    expect(status).toBe(422)
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([
      'rules.0.when.values.1',
      'rules.1.when.all.0.values.0',
      'rules.2.when.values.0',
      'rules.3.when.values.0',
    ])
    expect(body.detail).toContain('missing closing ): `(`')
    expect(body.detail).toContain('did you mean "10.0.0.0/8"')
  })

  it('decides alike in the dashboard, over OFREP and in a provider', async () => {
    await jackstaff.api('PUT', '/projects/shop/attributes', {
      attributes: { email: 'public', roles: 'public' },
    })
    const published = await publish(
      { attribute: 'email', op: 'matches', values: ['@example\\.(org|com)$'], ignoreCase: true },
      { attribute: 'roles', op: 'has_any', values: ['admin'] },
    )
    expect(published.status).toBe(200)
    const contexts: Record<string, string | string[]>[] = [
      { email: 'ADA@EXAMPLE.ORG' },
      { email: 'ada@elsewhere.net' },
      { roles: ['admin'] },
    ]
    const values = [true, false, true]

    const evaluate = '/projects/shop/environments/production/evaluate'
    for (const [i, context] of contexts.entries()) {
      const { body } = await jackstaff.api('POST', evaluate, { flag: 'checkout', context })
      expect(body.flags[0].value).toBe(values[i])
    }

    const provider = new JackstaffProvider({ url: jackstaff.url, key: serverKey })
    await provider.initialize()
    await expect.poll(() => provider.evaluate('checkout', false, contexts[0]).value).toBe(true)
    expect(contexts.map((context) => provider.evaluate('checkout', false, context).value)).toEqual(values)
    await provider.onClose()

    expect(await Promise.all(contexts.map(overOfrep))).toEqual(values)
  })
})
