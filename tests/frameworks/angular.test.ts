import { type Browser, chromium, type Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleApp } from '../support/bundle-app'
import { chromiumOptions } from '../support/chromium'
import { publishBanner, publishCheckout, seedExample } from '../support/example'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'

let jackstaff: Jackstaff
let browser: Browser
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  jackstaff = await startJackstaff()
  const { clientKey } = await seedExample(jackstaff)
  await publishBanner(jackstaff, 'shipping')
  browser = await chromium.launch(chromiumOptions)
  page = await browser.newPage()
  page.on('pageerror', (error) => void complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.setContent('<app-root></app-root>')
  const path = await bundleApp('angular/app.ts', { format: 'iife', platform: 'browser' })
  await page.addScriptTag({ path })
  await page.evaluate(
    (options) => (window as unknown as { open(options: object): Promise<true> }).open(options),
    { url: jackstaff.url, key: clientKey },
  )
})
afterAll(async () => {
  await browser?.close()
  await jackstaff?.stop()
})

describe('P24: @openfeature/angular-sdk', () => {
  it('renders the values of its flags', async () => {
    await page.getByText('Free shipping this week').waitFor()
    await page.getByText('Pay in three steps.').waitFor()
    expect(complaints).toEqual([])
  })

  it('follows a publish by its service and by its directive', async () => {
    await publishBanner(jackstaff, 'sale')
    await publishCheckout(jackstaff, 100)
    await page.getByText('10 % off everything').waitFor()
    await page.getByText('Pay in one step.').waitFor()
    expect(await page.getByText('Pay in three steps.').count()).toBe(0)
    expect(complaints).toEqual([])
  })
})
