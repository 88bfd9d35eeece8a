import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { OpenFeature } from '@openfeature/web-sdk'
import { type Browser, chromium } from '@playwright/test'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { JackstaffWebProvider } from '../../../providers/web/src'
import { chromiumOptions } from '../../support/chromium'
import { configOf, serving } from '../../support/configs'
import { freePort, until } from '../../support/process'
import { CLIENT_KEY, ProtocolServer } from '../../support/protocol-server'

type App = { OpenFeature: typeof OpenFeature; JackstaffWebProvider: typeof JackstaffWebProvider }

let browser: Browser
let pages: Server
let server: ProtocolServer

beforeAll(async () => {
  const contents =
    "export { OpenFeature } from '@openfeature/web-sdk'; export { JackstaffWebProvider } from './providers/web/src'"
  const resolveDir = fileURLToPath(new URL('../../..', import.meta.url))
  const built = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'app',
  })
  const script = `<!doctype html><title>Shop</title><script>${built.outputFiles[0]!.text.replaceAll('</script', '<\\/script')}</script>`
  pages = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(script))
  const port = await freePort()
  await new Promise<void>((resolve) => pages.listen(port, '127.0.0.1', resolve))
  server = new ProtocolServer(configOf(1, { banner: serving('hello') }), await freePort())
  await server.start()
  browser = await chromium.launch(chromiumOptions)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
  pages?.close()
})

it('P20: a page that is left in a real browser still tells what happened, and asks no permission first', async () => {
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`)
  await page.evaluate(
    async ([url, key]) => {
      const { OpenFeature, JackstaffWebProvider } = (globalThis as unknown as { app: App }).app
      await OpenFeature.setContext({ targetingKey: 'user-1', plan: 'pro' })
      await OpenFeature.setProviderAndWait(new JackstaffWebProvider({ url, key }))
      OpenFeature.getClient().track('purchase', { value: 9.99 })
    },
    [server.url, CLIENT_KEY] as const,
  )
  expect(server.told).toEqual([])
  await page.goto('about:blank')
  await until('the event to arrive', () => server.told.length > 0)
  expect(server.told[0]).toMatchObject({
    client: expect.stringMatching(/^openfeature-web\//),
    events: [{ name: 'purchase', targetingKey: 'user-1', context: { plan: 'pro' }, value: 9.99 }],
  })
  expect(server.preflights).not.toContain('/telemetry')
})
