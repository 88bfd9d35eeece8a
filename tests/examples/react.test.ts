import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { chromiumOptions } from '../support/chromium'
import { type Keys, publishBanner, publishCheckout, seedExample, startExample } from '../support/example'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'
import { watchedPage } from '../support/watched-page'

const VITE = 'node_modules/vite/bin/vite.js'
const dist = mkdtempSync(join(tmpdir(), 'react-example-'))

let jackstaff: Jackstaff
let keys: Keys
let browser: Browser

beforeAll(async () => {
  jackstaff = await startJackstaff()
  keys = await seedExample(jackstaff)
  await publishCheckout(jackstaff, 100)
  browser = await chromium.launch(chromiumOptions)
})
afterAll(async () => {
  await browser?.close()
  await jackstaff?.stop()
  rmSync(dist, { recursive: true })
})

/** Starts the example for as long as a test takes, however it ends. */
async function startUntilDone(...args: Parameters<typeof startExample>) {
  const example = await startExample(...args)
  onTestFinished(async () => void (await example.program.end()))
  return example
}

const settings = (url = jackstaff.url) => ({
  VITE_JACKSTAFF_URL: url,
  VITE_JACKSTAFF_CLIENT_KEY: keys.clientKey,
})
const serve = { strictPort: '--strictPort', port: '--port' }
const develop = (port: string) => [VITE, serve.strictPort, serve.port, port]
const preview = (port: string) => [VITE, 'preview', '--outDir', dist, serve.strictPort, serve.port, port]

/** As `npm run build`, but for the types, into a folder of this test. */
function build(): void {
  const env = { ...process.env, NODE_ENV: 'production' as const, ...settings() }
  const args = [VITE, 'build', '--logLevel=warn', '--emptyOutDir', '--outDir', dist]
  execFileSync(process.execPath, args, { cwd: 'examples/react', env })
}

async function open(url: string) {
  const watched = await watchedPage(browser, '.checkout')
  await watched.page.goto(`${url}/?visitor=ana`)
  return watched
}

describe.each([
  { name: 'while it is developed', prepare: () => {}, args: develop },
  { name: 'built for production', prepare: build, args: preview },
])('the React example, $name', ({ prepare, args }) => {
  it('starts with its flags, and follows a publish without a reload', async () => {
    await publishBanner(jackstaff, 'shipping')
    prepare()
    const example = await startUntilDone('react', args, settings())
    const { page, complaints, said } = await open(example.url)
    await page.getByText('Free shipping this week').waitFor()
    await page.evaluate(() => Object.assign(window, { sameDocument: true }))
    await publishBanner(jackstaff, 'sale')
    await page.getByText('10 % off everything').waitFor()
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true)
    expect(await said()).toEqual(['Pay in one step.']) // and no default before it
    expect(complaints).toEqual([])
    await page.close()
  })
})

it('shows its defaults where Jackstaff is away', async () => {
  const example = await startUntilDone('react', develop, settings('http://127.0.0.1:9'))
  const { page, complaints } = await open(example.url)
  await page.getByText('Pay in three steps.').waitFor()
  expect(complaints).toEqual([expect.stringContaining('no config within 5000 ms')])
  await page.close()
})

it('has types that hold', () => {
  const tsc = 'node_modules/typescript/bin/tsc'
  expect(() => execFileSync(process.execPath, [tsc], { cwd: 'examples/react' })).not.toThrow()
})
