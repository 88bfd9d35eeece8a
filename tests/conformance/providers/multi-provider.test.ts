import * as server from '@openfeature/server-sdk'
import * as web from '@openfeature/web-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JackstaffProvider } from '../../../providers/server/src'
import { JackstaffWebProvider } from '../../../providers/web/src'
import { aFlag } from '../../support/build-config'
import { configOf, idOf } from '../../support/configs'
import { freePort } from '../../support/process'
import { CLIENT_KEY, ProtocolServer, SERVER_KEY } from '../../support/protocol-server'

const flags = {
  on: aFlag(),
  off: aFlag({ on: false }),
  killed: aFlag(),
  text: aFlag({ type: 'string', variants: { on: 'ours', off: '' } }),
}

/** A second provider that has an answer to everything, and not the one that ours gives. */
const other = { variants: { yes: true, no: false }, defaultVariant: 'yes', disabled: false }
const elsewhere = {
  on: { ...other, defaultVariant: 'no' },
  off: other,
  killed: other,
  text: other,
  nowhere: other,
}

const silence = () => {}
const logger = { error: silence, warn: silence, info: silence, debug: silence }

let jackstaff: ProtocolServer

beforeAll(async () => {
  const config = configOf(9, flags, { killed: ['killed'], killedAt: idOf(8) })
  jackstaff = new ProtocolServer(config, await freePort())
  await jackstaff.start()
  server.OpenFeature.setLogger(logger)
  web.OpenFeature.setLogger(logger)
  const ours = new JackstaffProvider({ url: jackstaff.url, key: SERVER_KEY })
  await server.OpenFeature.setProviderAndWait(
    new server.MultiProvider([{ provider: ours }, { provider: new server.InMemoryProvider(elsewhere) }]),
  )
  const oursInBrowsers = new JackstaffWebProvider({ url: jackstaff.url, key: CLIENT_KEY })
  await web.OpenFeature.setProviderAndWait(
    new web.MultiProvider([{ provider: oursInBrowsers }, { provider: new web.InMemoryProvider(elsewhere) }]),
  )
})
afterAll(async () => {
  await server.OpenFeature.clearProviders()
  await web.OpenFeature.clearProviders()
  await jackstaff.stop()
})

type Ask = (flag: string, value: boolean) => Promise<boolean> | boolean

const sides: Record<string, Ask> = {
  server: (flag, value) => server.OpenFeature.getClient().getBooleanValue(flag, value),
  web: (flag, value) => web.OpenFeature.getClient().getBooleanValue(flag, value),
}

describe.each(Object.keys(sides))('P24: a MultiProvider of the %s SDK', (side) => {
  const ask = sides[side]!

  it('asks the next provider where ours does not know a flag', async () => {
    expect(await ask('nowhere', false)).toBe(true)
  })

  it.each([
    ['is on', 'on', false, true],
    ['is off', 'off', true, false],
    ['is killed', 'killed', true, false],
    ['has another type, where the default is served', 'text', false, false],
  ])('takes the answer of ours where a flag %s', async (_, flag, fallback, value) => {
    expect(await ask(flag, fallback)).toBe(value)
  })
})
