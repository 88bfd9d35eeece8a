import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from '@playwright/test'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumOptions } from '../../support/chromium'
import { type Keys, publishBanner, publishCheckout, seedExample } from '../../support/example'
import { type Jackstaff, startJackstaff } from '../../support/jackstaff'
import type { Counts } from './react-page'

let jackstaff: Jackstaff
let keys: Keys
let browser: Browser
let page: Page

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('react-page.tsx', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  return outputFiles[0]!.text
}

beforeAll(async () => {
  jackstaff = await startJackstaff()
  keys = await seedExample(jackstaff)
  await publishBanner(jackstaff, 'shipping')
  browser = await chromium.launch(chromiumOptions)
  page = await browser.newPage()
  await page.addScriptTag({ content: await bundle() })
  await page.evaluate(
    (options) => (window as unknown as { open(options: object): Promise<Counts> }).open(options),
    { url: jackstaff.url, key: keys.clientKey },
  )
  await page.getByText('Free shipping this week').waitFor()
})
afterAll(async () => {
  await browser?.close()
  await jackstaff?.stop()
})

const counts = () => page.evaluate(() => ({ ...(window as unknown as { renders: Counts }).renders }))

/** Epoch ms at which an element first says a text. */
const whenItSays = (id: string, text: string) =>
  page.evaluate(
    ([id, text]) =>
      new Promise<number>((resolve) => {
        const element = document.getElementById(id!)!
        const look = () => element.textContent === text && resolve(Date.now())
        new MutationObserver(look).observe(element, { childList: true, characterData: true, subtree: true })
      }),
    [id, text],
  )

/** Publishes, waits until the page shows it, and prints how long that took. */
async function follow(what: string, id: string, text: string, publish: () => Promise<void>): Promise<void> {
  const seen = whenItSays(id, text)
  const startedAt = Date.now()
  await publish()
  const publishedAt = Date.now()
  const seenAt = await seen
  console.log(
    `React: ${what}: rendered ${seenAt - startedAt} ms after the request to publish, which took ${publishedAt - startedAt} ms`,
  )
}

describe('P23: React components', () => {
  it('render once when they appear', async () => {
    expect(await counts()).toEqual({ banner: 1, bannerDetails: 1, checkout: 1, parent: 1 })
  })

  it('render when a publish changes their flag, once each, and no others', async () => {
    await follow('the banner', 'banner', '10 % off everything', () => publishBanner(jackstaff, 'sale'))
    expect(await counts()).toEqual({ banner: 2, bannerDetails: 2, checkout: 1, parent: 1 })
    await follow('the checkout', 'checkout', 'new', () => publishCheckout(jackstaff, 100))
    expect(await counts()).toEqual({ banner: 2, bannerDetails: 2, checkout: 2, parent: 1 })
    await follow('the banner again', 'banner', '', () => publishBanner(jackstaff, 'none'))
    expect(await counts()).toEqual({ banner: 3, bannerDetails: 3, checkout: 2, parent: 1 })
  })

  it('do not render when a flag changes that none of them uses', async () => {
    const before = await counts()
    const flag = { key: 'unrelated', name: 'Unrelated', type: 'boolean', browser: true }
    expect((await jackstaff.api('POST', '/projects/harbour/flags', flag)).status).toBe(201)
    await follow('the checkout', 'checkout', 'old', () => publishCheckout(jackstaff, 0))
    expect(await counts()).toEqual({ ...before, checkout: before.checkout + 1 })
  })

  it('render once when the connection is lost, and once when it is back', async () => {
    const before = await counts()
    const more = (times: number) => ({
      banner: before.banner + times,
      bannerDetails: before.bannerDetails + times,
      checkout: before.checkout + times,
      parent: before.parent,
    })
    await jackstaff.program.end()
    await expect.poll(counts, { timeout: 10_000 }).toEqual(more(1))
    await jackstaff.startAgain()
    await expect.poll(counts, { timeout: 30_000 }).toEqual(more(2))
  })
})
