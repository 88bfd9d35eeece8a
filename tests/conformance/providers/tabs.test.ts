import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chromiumOptions } from '../../support/chromium'
import { configOf, serving } from '../../support/configs'
import { until } from '../../support/process'
import { CLIENT_KEY, ProtocolServer } from '../../support/protocol-server'

const PAGES_PORT = 7271
const TABS = 20
const root = dirname(createRequire(import.meta.url).resolve('../../../package.json'))

let browser: Browser
let context: BrowserContext
let pages: Server
let server: ProtocolServer
let script = ''

/** The page of an application that shows one flag. */
const SOURCE = `
  import { JackstaffWebProvider } from './providers/web/src'
  import { OpenFeature } from '@openfeature/web-sdk'
  const client = OpenFeature.getClient()
  const show = () => { document.title = client.getStringValue('banner', '-') + ' ' + client.providerStatus }
  for (const event of ['PROVIDER_READY', 'PROVIDER_CONFIGURATION_CHANGED', 'PROVIDER_STALE', 'PROVIDER_ERROR'])
    client.addHandler(event, show)
  const { searchParams } = new URL(location.href)
  OpenFeature.setProvider(
    new JackstaffWebProvider({ url: searchParams.get('url'), key: '${CLIENT_KEY}', mode: searchParams.get('mode') }),
    { targetingKey: 'user-' + Math.random() },
  )`

beforeAll(async () => {
  const built = await build({
    stdin: { contents: SOURCE, resolveDir: root },
    bundle: true,
    splitting: true,
    write: false,
    outdir: '/',
    format: 'esm',
  })
  const files = new Map(built.outputFiles.map(({ path, text }) => [path, text]))
  script = [...files.keys()].find((path) => path.endsWith('stdin.js'))!
  pages = createServer((request, response) => {
    const path = request.url!.split('?')[0]!
    const type = path.endsWith('.js') ? 'text/javascript' : 'text/html'
    const page = `<!doctype html><script type="module" src="${script}"></script>`
    response.writeHead(200, { 'content-type': type }).end(files.get(path) ?? page)
  })
  await new Promise<void>((resolve) => pages.listen(PAGES_PORT, '127.0.0.1', resolve))
  browser = await chromium.launch(chromiumOptions)
}, 60_000)
afterAll(async () => {
  await browser?.close()
  pages?.close()
})

beforeEach(async () => {
  server = new ProtocolServer(configOf(1, { banner: serving('hello') }), 7272)
  await server.start()
  context = await browser.newContext()
})
afterEach(async () => {
  await context.close()
  await server.stop()
})

const at = (mode: string) =>
  `http://127.0.0.1:${PAGES_PORT}/?mode=${mode}&url=${encodeURIComponent(server.url)}`

async function openTab(mode: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(at(mode))
  return page
}

/** Milliseconds until every tab shows this. */
async function shown(tabs: readonly Page[], title: string): Promise<number> {
  const start = performance.now()
  await Promise.all(
    tabs.map((tab) => tab.waitForFunction((wanted) => document.title === wanted, title, { polling: 20 })),
  )
  return performance.now() - start
}

describe.each(['residual', 'full'])('tabs of one origin, mode %s', (mode) => {
  it(`share one stream: ${TABS} of them, of which all hear of a change, also when the leader is closed`, async () => {
    const first = await openTab(mode)
    await shown([first], 'hello READY')
    const others = await Promise.all(Array.from({ length: TABS - 1 }, () => openTab(mode)))
    const tabs = [first, ...others]
    await shown(tabs, 'hello READY')
    expect(server.streams).toBe(1)

    server.publish({ banner: serving('changed', 2) })
    console.log(
      `${mode}: ${TABS} tabs showed a change after ${Math.round(await shown(tabs, 'changed READY'))} ms`,
    )
    expect(server.streams).toBe(1)

    await first.close()
    await until('another tab to take the lead', () => server.streams === 1)
    server.publish({ banner: serving('led by another', 3) })
    const ms = await shown(others, 'led by another READY')
    console.log(`${mode}: and after ${Math.round(ms)} ms from the next leader`)
    expect(server.streams).toBe(1)
    expect(server.requests.filter(({ path }) => path.startsWith('/config/stream')).length).toBeLessThan(5)
  }, 60_000)

  it('are stale together and well together', async () => {
    const tabs = await Promise.all([0, 1, 2].map(() => openTab(mode)))
    await shown(tabs, 'hello READY')
    server.streamStatus = 503
    server.cut()
    await shown(tabs, 'hello STALE')
    server.streamStatus = null
    await shown(tabs, 'hello READY')
    expect(server.streams).toBe(1)
  }, 60_000)
})

it('a tab that comes amid a change is told of it by the leader', async () => {
  const first = await openTab('residual')
  await shown([first], 'hello READY')
  const second = await context.newPage()
  let arrive: (() => void) | null = null
  await second.route('**/live*.js', (route) => {
    arrive = () => void route.continue()
  })
  await second.goto(at('residual'))
  await shown([second], 'hello READY')
  await until('live.js to be asked for', () => arrive !== null)
  server.publish({ banner: serving('changed', 2) })
  await shown([first], 'changed READY')
  arrive!()
  await shown([second], 'changed READY')
  expect(server.streams).toBe(1)
}, 60_000)

it('a second tab in mode full asks at once for what the first was pushed', async () => {
  const first = await openTab('full')
  await shown([first], 'hello READY')
  const second = await context.newPage()
  await second.goto(at('full'))
  expect(await shown([second], 'hello READY')).toBeLessThan(900)
})

it('a tab that is looked at takes the lead from one that sleeps', async () => {
  const leader = await openTab('residual')
  await shown([leader], 'hello READY')
  const follower = await openTab('residual')
  await shown([follower], 'hello READY')
  await leader.evaluate(() => {
    setTimeout(() => {
      const end = Date.now() + 60_000
      while (Date.now() < end);
    })
  })
  await follower.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500))) // until it sleeps
  server.publish({ banner: serving('told by nobody', 2) })
  expect(await shown([follower], 'told by nobody READY')).toBeGreaterThan(20_000)
  expect(server.streams).toBeLessThanOrEqual(2)
}, 90_000)
