import { type Browser, chromium, type Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleApp } from '../support/bundle-app'
import { chromiumOptions } from '../support/chromium'
import { type Keys, publishBanner, publishBannerTo, publishCheckout, seedExample } from '../support/example'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'
import { until } from '../support/process'

// The published OFREP provider for browsers, in one, on another origin than Jackstaff.

const ALL = '/ofrep/v1/evaluate/flags'
const KILL = '/projects/harbour/flags/new-checkout/environments/production/kill'

let jackstaff: Jackstaff
let keys: Keys
let browser: Browser
let bundle: string

beforeAll(async () => {
  jackstaff = await startJackstaff()
  keys = await seedExample(jackstaff)
  const hidden = { key: 'hidden', name: 'Hidden', type: 'string', variants: { a: 'secret' } }
  await jackstaff.api('POST', '/projects/harbour/flags', hidden)
  await publishCheckout(jackstaff, 100)
  await publishBanner(jackstaff, 'shipping')
  browser = await chromium.launch(chromiumOptions)
  bundle = await bundleApp('interop/web.ts', { format: 'iife', platform: 'browser' })
})
afterAll(async () => {
  await browser?.close()
  await jackstaff?.stop()
})

type Details = { value: unknown; variant?: string; reason: string; errorCode?: string }
type Looked = Record<'checkout' | 'banner' | 'hidden', Details>
type Answered = { path: string; query: string; status: number }

/** A page whose provider has started, or has said why not; with every answer that it got from Jackstaff. */
async function opened(options: { key?: string; pollInterval?: number; changeDetection?: string } = {}) {
  const page: Page = await browser.newPage()
  const answers: Answered[] = []
  page.on('response', (response) => {
    const { pathname, search } = new URL(response.url())
    if (response.request().method() !== 'OPTIONS')
      answers.push({ path: pathname, query: search, status: response.status() })
  })
  await page.setContent('<p>A shop.</p>')
  await page.addScriptTag({ path: bundle })
  const call = <T>(name: string, argument?: unknown): Promise<T> =>
    page.evaluate(
      ([name, argument]) =>
        (window as unknown as Record<string, (argument: unknown) => unknown>)[name as string]!(argument),
      [name, argument] as const,
    ) as Promise<T>
  const ready = await call<string>('open', { url: jackstaff.url, key: keys.clientKey, ...options })
  return {
    page,
    ready,
    answers,
    look: () => call<Looked>('look'),
    become: (targetingKey: string) => call<void>('become', targetingKey),
    events: () => page.evaluate(() => (window as unknown as { events: string[] }).events),
  }
}

const bulk = (answers: readonly Answered[]) => answers.filter(({ path }) => path === ALL)

describe('the OFREP provider for browsers', () => {
  it('has the flags that browsers may see, and hears of a publish and a kill without asking', async () => {
    const { page, ready, answers, look, events } = await opened()
    expect(ready).toBe('ready')
    const { checkout, banner, hidden } = await look()
    expect([checkout.value, banner.value]).toEqual([true, 'Free shipping this week'])
    expect(hidden.errorCode).toBe('FLAG_NOT_FOUND')
    const stream = await until('an event stream', () => answers.find(({ path }) => path.endsWith('/events')))
    expect([stream.status, stream.query]).toEqual([200, `?key=${keys.clientKey}`])
    await until('to be asked once more, for nothing', () =>
      bulk(answers).some(({ status }) => status === 304),
    )
    expect(await events()).toEqual([])

    await publishBanner(jackstaff, 'sale')
    await until('the sale', async () => (await look()).banner.value === '10 % off everything')
    expect(await events()).toEqual(['PROVIDER_CONFIGURATION_CHANGED sale-banner'])
    expect(bulk(answers).at(-1)!.query).toMatch(/^\?flagConfigEtag=\d+\.\d+\.[0-9a-f]{8}$/)

    const { body } = await jackstaff.api('PUT', KILL, { reason: 'the till is on fire' })
    await until('the kill', async () => (await look()).checkout.value === false)
    expect((await look()).checkout.reason).toBe('DISABLED')
    await jackstaff.api('DELETE', KILL, undefined, { 'if-match': `"${body.id}"` })
    await until('the kill to be lifted', async () => (await look()).checkout.value === true)
    expect(answers.filter(({ status }) => status >= 400)).toEqual([])
    await page.close()
  })

  it('asks again for another person, on the stream that it has', async () => {
    await publishBannerTo(jackstaff, 'shipping', 50)
    const { page, answers, look, become } = await opened()
    const seen = new Set<unknown>()
    for (let i = 0; i < 12; i++) {
      await become(`visitor-${i}`)
      const { banner } = await look()
      expect(banner.reason).toBe('SPLIT')
      seen.add(banner.value)
    }
    expect(seen).toEqual(new Set(['Free shipping this week', '']))
    expect(answers.filter(({ path }) => path.endsWith('/events')).length).toBe(1)
    await page.close()
  })

  it('follows by asking with the tag, where streams are not wanted', async () => {
    await publishBanner(jackstaff, 'shipping')
    const { page, answers, look, events } = await opened({ pollInterval: 50, changeDetection: 'polling' })
    await until('some polls', () => bulk(answers).length > 5)
    expect(
      bulk(answers)
        .map(({ status }) => status)
        .slice(1, 5),
    ).toEqual([304, 304, 304, 304])
    await publishBanner(jackstaff, 'sale')
    await until('the sale', async () => (await look()).banner.value === '10 % off everything')
    expect(await events()).toEqual(['PROVIDER_CONFIGURATION_CHANGED sale-banner'])
    expect(answers.some(({ path }) => path.endsWith('/events'))).toBe(false)
    await page.close()
  })

  it('is refused with a key that must not be in a browser, and with one that was revoked', async () => {
    const secret = await opened({ key: keys.serverKey })
    expect(secret.ready).toContain('forbidden')
    const path = '/projects/harbour/environments/production/keys'
    const { body } = await jackstaff.api('POST', path, { kind: 'client', name: 'for a while' })
    const { page, ready, answers, look } = await opened({ key: body.key })
    expect(ready).toBe('ready')
    await until('an event stream', () => answers.find(({ path }) => path.endsWith('/events')))
    await jackstaff.api('DELETE', `${path}/${body.id}`)
    await until('the stream to be refused', () => answers.find(({ status }) => status === 401))
    expect((await look()).checkout.value).toBe(true)
    await Promise.all([page.close(), secret.page.close()])
  })
})
