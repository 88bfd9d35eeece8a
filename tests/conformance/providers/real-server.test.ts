import { OpenFeature, ProviderStatus } from '@openfeature/server-sdk'
import { OpenFeature as WebOpenFeature } from '@openfeature/web-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JackstaffProvider } from '../../../providers/server/src'
import { JackstaffWebProvider } from '../../../providers/web/src'
import {
  type Jackstaff,
  PRODUCTION,
  seedShop,
  share,
  startJackstaff,
  whenReady,
} from '../../support/jackstaff'
import { listen } from '../../support/openfeature'
import { start, until } from '../../support/process'

let jackstaff: Jackstaff
const server = OpenFeature.getClient()
const web = WebOpenFeature.getClient()
const heard = listen(server)
const heardInBrowser = listen(web)
const everywhere = async (value: boolean) =>
  (await server.getBooleanValue('checkout', !value)) === value &&
  web.getBooleanValue('checkout', !value) === value

beforeAll(async () => {
  jackstaff = await startJackstaff()
  const { serverKey, clientKey } = await seedShop(jackstaff)
  const { url } = jackstaff
  await OpenFeature.setContext({ targetingKey: 'user-1' })
  await WebOpenFeature.setContext({ targetingKey: 'user-1' })
  await OpenFeature.setProviderAndWait(new JackstaffProvider({ url, key: serverKey }))
  await WebOpenFeature.setProviderAndWait(new JackstaffWebProvider({ url, key: clientKey }))
})
afterAll(async () => {
  await OpenFeature.close()
  await WebOpenFeature.close()
  await jackstaff?.stop()
})

describe('P14 (5.1.1), P15 (2.8.1): both providers, with the whole product', () => {
  it('see a publish and a kill within a second', async () => {
    expect(await everywhere(false)).toBe(true)
    const { headers } = await jackstaff.api('GET', PRODUCTION)
    await jackstaff.api('PUT', PRODUCTION, share(100), { 'if-match': headers.get('etag') ?? '' })
    await until('the publish to be seen', () => everywhere(true), 1_000)
    await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'it hurts' })
    await until('the kill to be seen', () => everywhere(false), 1_000)
    expect((await server.getBooleanDetails('checkout', true)).flagMetadata).toMatchObject({ killed: true })
    const changed = { event: 'CONFIGURATION_CHANGED', flagsChanged: ['checkout'] }
    await until('both changes to be heard', () => heard.length === 3)
    expect(heard).toEqual([{ event: 'READY' }, changed, changed])
  })

  it('serve on while it is away, and are ready again when it is back', async () => {
    heard.splice(0)
    heardInBrowser.splice(0)
    await jackstaff.program.end()
    await until(
      'both to be stale',
      () => {
        return server.providerStatus === ProviderStatus.STALE && String(web.providerStatus) === 'STALE'
      },
      10_000,
    )
    expect(await everywhere(false)).toBe(true)
    jackstaff.program = start(process.execPath, ['dist/server.mjs'], jackstaff.env)
    await whenReady(jackstaff.url, jackstaff.program)
    await until('both to be ready', () => heard.length + heardInBrowser.length >= 4, 40_000)
    expect(heard.map(({ event }) => event)).toEqual(['STALE', 'READY'])
    expect(heardInBrowser.map(({ event }) => event)).toEqual(['STALE', 'READY'])
    expect(await everywhere(false)).toBe(true)
  })

  it('P4: do not find a flag once it is archived', async () => {
    expect(await everywhere(false)).toBe(true)
    const flag = '/projects/shop/flags/checkout'
    const { headers } = await jackstaff.api('GET', flag)
    const archived = await jackstaff.api('DELETE', flag, undefined, { 'if-match': headers.get('etag') ?? '' })
    expect(archived.status).toBeLessThan(300)
    await until('the flag to be gone', async () => {
      const found = [
        await server.getBooleanDetails('checkout', true),
        web.getBooleanDetails('checkout', true),
      ]
      return found.every(({ errorCode }) => errorCode !== undefined)
    })
    const details = [
      await server.getBooleanDetails('checkout', true),
      web.getBooleanDetails('checkout', true),
    ]
    for (const answer of details) {
      expect(answer).toMatchObject({ value: true, reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' })
      expect(answer.flagMetadata).toEqual({ flagSetId: 'shop/production' })
    }
  })
})
