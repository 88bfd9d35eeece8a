import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleApp } from '../support/bundle-app'
import { type Keys, publishCheckout, seedExample } from '../support/example'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'
import { freePort, type Program, start, until } from '../support/process'

let jackstaff: Jackstaff
let keys: Keys
let url: string
let app: Program

beforeAll(async () => {
  jackstaff = await startJackstaff()
  keys = await seedExample(jackstaff)
  await publishCheckout(jackstaff, 100)
  const port = String(await freePort())
  url = `http://127.0.0.1:${port}`
  const file = await bundleApp('nest/app.ts', { platform: 'node', packages: 'external' })
  app = start(process.execPath, [file], {
    PORT: port,
    JACKSTAFF_URL: jackstaff.url,
    JACKSTAFF_SERVER_KEY: keys.serverKey,
  })
  await until(
    'Nest to answer',
    async () => {
      if (app.child.exitCode !== null) throw new Error(`it ended: ${app.output()}`)
      return (await fetch(`${url}/checkout`).catch(() => null))?.ok
    },
    30_000,
  )
})
afterAll(async () => {
  await app?.end()
  await jackstaff?.stop()
})

const checkout = async (visitor: string) => (await fetch(`${url}/checkout?visitor=${visitor}`)).json()
const onePage = async () => (await fetch(`${url}/one-page?visitor=ana`)).status

describe('P24: @openfeature/nestjs-sdk', () => {
  it('injects a flag, with the context of the request', async () => {
    const details = { flagKey: 'new-checkout', value: true, variant: 'on', reason: 'SPLIT' }
    await expect.poll(() => checkout('ana')).toMatchObject(details)
    await publishCheckout(jackstaff, 50)
    const visitors = Array.from({ length: 20 }, (_, i) => `visitor-${i}`)
    const values = async () => {
      const all = await Promise.all(visitors.map(checkout))
      return new Set(all.map(({ value, reason }) => `${value} ${reason}`))
    }
    await expect.poll(values).toEqual(new Set(['true SPLIT', 'false SPLIT']))
  })

  it('guards a route by a flag, and follows a publish', async () => {
    await publishCheckout(jackstaff, 100)
    await expect.poll(onePage).toBe(200)
    await publishCheckout(jackstaff, 0)
    await expect.poll(onePage).toBe(404)
  })

  it('ends when it is told to, without a complaint', async () => {
    await app.end()
    expect(app.output()).toBe('')
    expect([app.child.exitCode, app.child.signalCode]).toEqual([null, 'SIGTERM'])
  })
})
