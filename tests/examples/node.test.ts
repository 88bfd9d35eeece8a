import { type Browser, chromium } from '@playwright/test'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chromiumOptions } from '../support/chromium'
import {
  type Example,
  type Keys,
  publishBanner,
  publishCheckout,
  seedExample,
  startExample,
} from '../support/example'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'

let jackstaff: Jackstaff
let keys: Keys
let example: Example
/** Started with nobody to ask. */
let alone: Example
let browser: Browser

const startAgainst = (url: string) =>
  startExample('node', () => ['server.mjs'], {
    JACKSTAFF_URL: url,
    JACKSTAFF_SERVER_KEY: keys.serverKey,
  })

beforeAll(async () => {
  jackstaff = await startJackstaff()
  keys = await seedExample(jackstaff)
  await publishBanner(jackstaff, 'shipping')
  ;[example, alone, browser] = await Promise.all([
    startAgainst(jackstaff.url),
    startAgainst('http://127.0.0.1:9'),
    chromium.launch(chromiumOptions),
  ])
})
afterAll(async () => {
  await browser?.close()
  await Promise.all([example?.program.end(), alone?.program.end()])
  await jackstaff?.stop()
})

it('renders each page with the flags of its visitor', async () => {
  await publishCheckout(jackstaff, 50)
  const visitors = Array.from({ length: 20 }, (_, i) => `/?visitor=v-${i}`)
  const kinds = async () => {
    const pages = await Promise.all(visitors.map(example.text))
    return new Set(pages.map((page) => /Pay in (one step|three steps)/.exec(page)![1]))
  }
  await expect.poll(kinds).toEqual(new Set(['one step', 'three steps']))
})

it('changes an open page when a flag is published, without a reload', async () => {
  const page = await browser.newPage()
  await page.goto(example.url)
  await page.getByText('Free shipping this week').waitFor()
  await page.evaluate(() => Object.assign(window, { sameDocument: true }))
  await publishBanner(jackstaff, 'sale')
  await page.getByText('10 % off everything').waitFor()
  expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true)
  await page.close()
})

it('is open while Jackstaff is away, and ends when it is told to', async () => {
  expect(await alone.text('/?visitor=ana')).toContain('Pay in three steps.')
  await alone.program.end()
  expect(alone.program.child.exitCode).toBe(0)
})
