import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Browser, chromium, type Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumOptions } from '../support/chromium'
import {
  type Example,
  type Keys,
  publishBanner,
  publishBannerFor,
  publishBannerTo,
  publishCheckout,
  seedExample,
  startExample,
} from '../support/example'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'
import { until } from '../support/process'
import { type Relay, relayTo } from '../support/relay'
import { watchedPage } from '../support/watched-page'

let jackstaff: Jackstaff
let keys: Keys
let relay: Relay
let example: Example
/** Started with nobody to ask. */
let alone: Example
let browser: Browser

const startAgainst = (url: string) =>
  startExample('next', () => ['node_modules/next/dist/bin/next', 'start'], {
    JACKSTAFF_URL: url,
    JACKSTAFF_SERVER_KEY: keys.serverKey,
    JACKSTAFF_CLIENT_KEY: keys.clientKey,
  })

beforeAll(async () => {
  jackstaff = await startJackstaff()
  keys = await seedExample(jackstaff)
  await publishBanner(jackstaff, 'shipping')
  relay = await relayTo(jackstaff.url)
  ;[example, alone, browser] = await Promise.all([
    startAgainst(relay.url),
    startAgainst('http://127.0.0.1:9'),
    chromium.launch(chromiumOptions),
  ])
})
afterAll(async () => {
  await browser?.close()
  await Promise.all([example?.program.end(), alone?.program.end()])
  relay?.close()
  await jackstaff?.stop()
})

// Checked by the build of the example, which alone has what it imports.
const OPEN_CLIENT: string = '../../examples/next/app/open-client'
type OpenClient = (options: object, context: object) => { getStringValue(key: string, value: string): string }

const bannerIn = (html: string) => /<p class="banner">(.*?)<\/p>/.exec(html)?.[1] ?? ''

/** React leaves its mark on an element when it has taken it over from the server. */
const hydrated = (page: Page) =>
  page.waitForFunction(() => {
    const [main] = document.getElementsByTagName('main')
    return main && Object.keys(main).some((name) => name.startsWith('__reactFiber'))
  })

const visitors = Array.from({ length: 40 }, (_, i) => `visitor-${i}`)

async function ask(path: string, body: object) {
  const headers = { authorization: `Bearer ${keys.serverKey}`, 'content-type': 'application/json' }
  const response = await fetch(jackstaff.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  return response.json()
}
const residual = (targetingKey: string) => ask('/config/residual', { context: { targetingKey } })

/** What a visitor has to see, from the server's own mouth. */
async function decide(targetingKey: string) {
  const decided = async (flag: string) =>
    (await ask(`/ofrep/v1/evaluate/flags/${flag}`, { context: { targetingKey } })).value
  return [
    await decided('sale-banner'),
    (await decided('new-checkout')) ? 'Pay in one step.' : 'Pay in three steps.',
  ]
}

describe('P22: a page rendered on the server', () => {
  it('is the same after hydration, before the browser has heard of Jackstaff, and then follows live', async () => {
    const { page, complaints, said } = await watchedPage(browser, '.banner')
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const asked: string[] = []
    await page.route(`${relay.url}/**`, async (route) => {
      asked.push(route.request().url())
      await held
      await route.continue()
    })
    const response = await page.goto(`${example.url}/?visitor=ana`)
    const html = await response!.text()
    expect(bannerIn(html)).toBe('Free shipping this week')
    await hydrated(page)
    expect(html).toContain(await page.locator('main').innerHTML())
    await expect.poll(() => asked.some((url) => url.includes('/config/stream'))).toBe(true)
    release()
    await publishBanner(jackstaff, 'sale')
    await page.getByText('10 % off everything').waitFor()
    expect(await said()).toEqual(['Free shipping this week', '10 % off everything'])
    expect(complaints).toEqual([])
    await page.close()
  })

  it('has the flags of its own visitor, however many are rendered at once, and opens no stream for them', async () => {
    await publishBannerTo(jackstaff, 'sale', 50)
    await publishCheckout(jackstaff, 50)
    const streams = () => relay.paths.filter((path) => path.startsWith('/config/stream')).length
    const before = streams()
    const render = async (visitor: string) => {
      const html = await example.text(`/?visitor=${visitor}`)
      return [bannerIn(html), /<p class="checkout">(.*?)</.exec(html)![1]]
    }
    const wanted = await Promise.all(visitors.map(decide))
    expect(new Set(wanted.map(String)).size).toBe(4)
    await expect.poll(() => Promise.all(visitors.map(render))).toEqual(wanted)
    expect(streams()).toBe(before)
  })

  it('has a client of its own: those of other renders, under way at the same time, change nothing', async () => {
    const { openClient } = (await import(OPEN_CLIENT)) as { openClient: OpenClient }
    const clients = await Promise.all(
      visitors.map(async (targetingKey) => {
        const bootstrap = await residual(targetingKey)
        return openClient({ url: 'http://127.0.0.1:9', key: 'unused', bootstrap }, { targetingKey })
      }),
    )
    const banners = clients.map((client) => client.getStringValue('sale-banner', 'the default'))
    expect(banners).toEqual((await Promise.all(visitors.map(decide))).map(([banner]) => banner))
  })

  it('leaves nothing behind on the server', async () => {
    const { openClient } = (await import(OPEN_CLIENT)) as { openClient: OpenClient }
    const first = await residual('ana')
    const held = visitors.map((targetingKey) => {
      const bootstrap = { ...first }
      openClient({ url: jackstaff.url, key: keys.clientKey, bootstrap }, { targetingKey })
      return new WeakRef(bootstrap)
    })
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    await until('the clients to be collected', () => {
      collect()
      return held.every((bootstrap) => bootstrap.deref() === undefined)
    })
  })

  it('carries nothing of the rules that are for others', async () => {
    const email = 'chief@example.com'
    await publishBannerFor(jackstaff, email, 'sale', 'shipping')
    const page = () => example.text('/?visitor=ana')
    await expect.poll(async () => bannerIn(await page())).toBe('Free shipping this week')
    const html = await page()
    expect(html).toContain('sale-banner')
    expect(html).not.toContain(email)
    expect(html).not.toContain('10 % off everything')
  })

  it('has the defaults while Jackstaff is away, on both sides', async () => {
    const { page, complaints, said } = await watchedPage(browser, '.banner')
    await page.goto(`${alone.url}/?visitor=ana`)
    await hydrated(page)
    await page.getByText('Pay in three steps.').waitFor()
    expect(await said()).toEqual([])
    expect(complaints).toEqual([])
    expect(alone.program.output()).not.toContain('provider initialization')
    await page.close()
  })
})
