import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Config, evaluate } from '@/lib/evaluation'
import { evaluationConfig } from '../support/evaluation-flags'
import { MOMENTS, randomConfig, randomContext } from '../support/flagd-configs'
import { flagdVariant, flagdWith, parse } from '../support/flagd-differential'
import { isFlagdDefinition } from '../support/flagd-schema'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { publishConfig } from '../support/publish-config'
import { randomFrom } from '../support/random'
import { bearer, type Raw, raw } from '../support/raw-http'

const DEFINITION = '/flagd/shop/production.json'

let jackstaff: Jackstaff
let serverKey: string
let clientKey: string
beforeAll(async () => {
  jackstaff = await startJackstaff()
  ;({ serverKey, clientKey } = await seedShop(jackstaff))
  const hidden = { key: 'hidden', name: 'Hidden', type: 'boolean' }
  const { headers } = await jackstaff.api('POST', '/projects/shop/flags', hidden)
  await configAt(/production=([^, ]+)/.exec(headers.get('x-jackstaff-version')!)![1]!)
})
afterAll(() => jackstaff?.stop())

const ask = (key: string, headers: Record<string, string> = {}, path = DEFINITION) =>
  raw(jackstaff.url + path, { headers: { ...bearer(key), ...headers } })
const read = ({ body }: Raw) => JSON.parse(body.toString('utf8'))
const configAt = async (id: string): Promise<Config> => read(await ask(serverKey, {}, `/config?min=${id}`))

describe('the flagd definition of an environment', () => {
  it('is one by its schema, and says which flags of which version it has', async () => {
    const answer = await ask(serverKey)
    const definition = read(answer)
    expect(isFlagdDefinition(definition)).toBe(true)
    const config = read(await ask(serverKey, {}, '/config'))
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'application/json',
        'cache-control': 'private, no-cache',
        etag: `"${config.id}-flagd-server-identity"`,
      },
    })
    expect(definition.metadata).toEqual({
      flagSetId: 'shop/production',
      version: config.id,
      scope: 'shop/production',
    })
    expect(Object.keys(definition.flags).sort()).toEqual(['checkout', 'hidden'])
  })

  it('has for browsers the flags that they may see', async () => {
    const answer = await ask(clientKey)
    expect(Object.keys(read(answer).flags)).toEqual(['checkout'])
    expect(answer.headers['access-control-allow-origin']).toBe('*')
    const keys = '/projects/shop/environments/production/keys'
    const residual = await jackstaff.api('POST', keys, { kind: 'client', mode: 'residual', name: 'b' })
    expect(await ask(residual.body.key)).toMatchObject({ status: 403 })
  })

  it('is refused without a key, and under the name of another environment', async () => {
    expect((await raw(jackstaff.url + DEFINITION)).status).toBe(401)
    const other = await ask(serverKey, {}, '/flagd/shop/staging.json')
    expect([other.status, read(other).detail]).toEqual([
      403,
      'this key opens shop/production: ask for /flagd/shop/production.json',
    ])
  })

  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ])('comes in %s, and not again to who holds it in any coding', async (coding, decode) => {
    const answer = await ask(serverKey, { 'accept-encoding': coding })
    expect([answer.headers['content-encoding'], answer.headers.vary]).toEqual([coding, 'Accept-Encoding'])
    expect(JSON.parse(decode(answer.body).toString('utf8'))).toEqual(read(await ask(serverKey)))
    for (const accepted of ['gzip', 'br', 'identity']) {
      const again = await ask(serverKey, {
        'if-none-match': `W/${answer.headers.etag}`,
        'accept-encoding': accepted,
      })
      expect([again.status, again.body.length]).toEqual([304, 0])
    }
  })

  it('is another one after a publish', async () => {
    const before = await ask(serverKey)
    const { headers } = await jackstaff.api('GET', PRODUCTION)
    const answer = await jackstaff.api('PUT', PRODUCTION, share(30), { 'if-match': headers.get('etag')! })
    await configAt(answer.headers.get('x-jackstaff-version')!.replace('production=', ''))
    const after = await ask(serverKey, { 'if-none-match': before.headers.etag! })
    expect(after.status).toBe(200)
    expect(read(after).flags.checkout.targeting).not.toEqual(read(before).flags.checkout.targeting)
  })
})

describe('flagd-core, given that definition', () => {
  it('decides as the engine does, and has every flag that is not named as left out', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      const random = randomFrom(20_260_125)
      const configs = [evaluationConfig, ...Array.from({ length: 20 }, () => randomConfig(random))]
      let compared = 0
      let leftOut = 0
      for (const published of configs) {
        const id = await publishConfig(jackstaff.databaseUrl, { ...published, flagSetId: 'shop/production' })
        const config = await configAt(id)
        const definition = read(await ask(serverKey))
        expect([definition.metadata.version, isFlagdDefinition(definition)]).toEqual([id, true])

        const lines = Object.entries(definition.metadata).filter(([name]) => name.startsWith('omitted: '))
        const omitted = new Set(lines.flatMap(([, keys]) => String(keys).split(', ')))
        const there = Object.keys(config.flags).filter((key) => !omitted.has(key))
        expect(Object.keys(definition.flags).sort()).toEqual(there.sort())
        leftOut += omitted.size

        const flagd = flagdWith(definition)
        for (const context of Array.from({ length: 5 }, () => randomContext(random))) {
          const now = random.pick(MOMENTS)
          for (const key of there) {
            const { variant } = evaluate(parse(config), key, context, now)
            expect(flagdVariant(flagd, key, context, now), `${key} ${JSON.stringify(context)}`).toBe(variant)
            compared++
          }
        }
      }
      expect([compared > 1_500, leftOut > 0]).toEqual([true, true])
    } finally {
      vi.useRealTimers()
    }
  })
})
