import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { chromiumOptions } from '../../support/chromium'
import { configOf, serving } from '../../support/configs'
import { freePort, until } from '../../support/process'
import { CLIENT_KEY, ProtocolServer } from '../../support/protocol-server'

const root = dirname(createRequire(import.meta.url).resolve('../../../package.json'))

let browser: Browser
let page: Page
let pages: Server
let server: ProtocolServer
/** What becomes of a request for live.js. */
let live: 'given' | 'held back' | 'refused'
let held: (() => void)[] = []
let asked: string[] = []

/** A page that shows one flag. It counts each look at it. */
const SOURCE = `
  import { JackstaffWebProvider } from './providers/web/src'
  import { OpenFeature } from '@openfeature/web-sdk'
  const client = OpenFeature.getClient()
  const heard = (globalThis.heard = [])
  const show = () => { document.title = client.getStringValue('banner', '-') + ' ' + client.providerStatus }
  for (const event of ['PROVIDER_READY', 'PROVIDER_CONFIGURATION_CHANGED', 'PROVIDER_STALE', 'PROVIDER_ERROR'])
    client.addHandler(event, () => { heard.push(event); show() })
  const url = new URL(location.href).searchParams.get('url')
  const provider = new JackstaffWebProvider({ url, key: '${CLIENT_KEY}', errorAfterMs: 3_000 })
  Object.assign(globalThis, { OpenFeature, client })
  OpenFeature.setProvider(provider, { targetingKey: 'user-1' })`

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: SOURCE, resolveDir: root, sourcefile: 'app.js' },
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    outdir: '/',
    format: 'esm',
    entryNames: 'app',
  })
  const files = new Map(outputFiles.map(({ path, text }) => [path, text]))
  pages = createServer((request, response) => {
    const path = request.url!.split('?')[0]!
    const isCode = path.endsWith('.js')
    const answer = () =>
      response
        .writeHead(200, { 'content-type': isCode ? 'text/javascript' : 'text/html' })
        .end(isCode ? files.get(path) : '<!doctype html><script type="module" src="/app.js"></script>')
    if (!path.startsWith('/live')) return answer()
    asked.push(request.url!)
    if (live === 'given') answer()
    else if (live === 'held back') held.push(answer)
    else response.writeHead(503).end()
  })
  const port = await freePort()
  await new Promise<void>((resolve) => pages.listen(port, '127.0.0.1', resolve))
  browser = await chromium.launch(chromiumOptions)
}, 60_000)
afterAll(async () => {
  await browser?.close()
  pages?.close()
})

beforeEach(async () => {
  held = []
  asked = []
  server = new ProtocolServer(configOf(1, { banner: serving('hello') }), await freePort())
  await server.start()
  page = await browser.newPage()
})
afterEach(async () => {
  await page.close()
  await server.stop()
})

const open = () =>
  page.goto(
    `http://127.0.0.1:${(pages.address() as AddressInfo).port}/?url=${encodeURIComponent(server.url)}`,
  )
const shown = (title: string) =>
  page.waitForFunction((wanted) => document.title === wanted, title, { polling: 20, timeout: 20_000 })
const heard = () => page.evaluate('heard') as Promise<string[]>

it('P26: the first answer waits for no file that keeps it true; with it come changes', async () => {
  live = 'held back'
  await open()
  await shown('hello READY')
  await until('live.js to be asked for', () => held.length === 1)
  expect(server.streams).toBe(0)
  await page.evaluate(
    "OpenFeature.setContext({ targetingKey: 'user-2' }).then(() => { document.title = 'set' })",
  )
  await shown('set')
  expect(server.requests.filter(({ path }) => path.startsWith('/config/residual'))).toHaveLength(2)

  held[0]!()
  await until('the stream to be open', () => server.streams === 1)
  server.publish({ banner: serving('changed', 2) })
  await shown('changed READY')
  expect(await heard()).toEqual(['PROVIDER_READY', 'PROVIDER_CONFIGURATION_CHANGED'])
})

it('P15: where it cannot be had the page serves on and is STALE, then in ERROR, until it can', async () => {
  live = 'refused'
  await open()
  await shown('hello STALE')
  await shown('hello ERROR')
  expect(asked.length).toBeGreaterThan(1)
  live = 'given'
  await shown('hello READY')
  server.publish({ banner: serving('changed', 2) })
  await shown('changed READY')
  const events = await heard()
  expect(events.slice(0, 3)).toEqual(['PROVIDER_READY', 'PROVIDER_STALE', 'PROVIDER_ERROR'])
  expect(events.slice(-2)).toEqual(['PROVIDER_READY', 'PROVIDER_CONFIGURATION_CHANGED'])
})

it('P20: what is evaluated and tracked before it is here is told with the rest', async () => {
  live = 'held back'
  await open()
  await shown('hello READY')
  await page.evaluate(
    `for (let i = 0; i < 9; i++) client.getBooleanValue('banner', false); client.track('seen', { value: 7 })`,
  )
  await until('live.js to be asked for', () => held.length === 1)
  held[0]!()
  await until('the stream to be open', () => server.streams === 1)
  await page.goto('about:blank')
  await until('the counts to arrive', () => server.told.length > 0)
  const [{ counts, events }] = server.told as [{ counts: object[]; events: object[] }]
  expect(counts).toContainEqual({
    flag: 'banner',
    variant: null,
    reason: 'ERROR',
    errorCode: 'TYPE_MISMATCH',
    count: 9,
  })
  expect(events).toMatchObject([{ name: 'seen', targetingKey: 'user-1', value: 7 }])
})

it('P18, P20: what was counted is told though the provider is closed before it is here', async () => {
  live = 'held back'
  await open()
  await shown('hello READY')
  await until('live.js to be asked for', () => held.length === 1)
  await page.evaluate('globalThis.closing = OpenFeature.close(); 0')
  held[0]!()
  await page.evaluate('closing')
  // A browser whose connection broke sends a request again: under the id of the batch it counts once.
  const batches = new Map((server.told as { batch: string }[]).map((told) => [told.batch, told]))
  expect([...batches.values()]).toMatchObject([
    { counts: [{ flag: 'banner', variant: 'shown', reason: 'STATIC' }] },
  ])
  expect(server.streams).toBe(0)
})
