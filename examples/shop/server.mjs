import { randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { connectFlags } from './flags.mjs'
import { checkoutPage, crowdPage, shopPage } from './pages.mjs'

// A storefront as any app would be: pages rendered on the server with the server provider, and a browser part with
// the web provider. Settings come from the environment.

const setting = (name, fallback) => {
  const value = process.env[name] || fallback
  if (value) return value
  console.error(`Set ${name}. \`npm run demo\` in the root of Jackstaff does it for you.`)
  process.exit(1)
}

const port = Number(setting('PORT', '3100'))
const url = setting('JACKSTAFF_URL')
const browser = { url: setting('JACKSTAFF_PUBLIC_URL', url), key: setting('JACKSTAFF_CLIENT_KEY') }
const flags = await connectFlags({ url, key: setting('JACKSTAFF_SERVER_KEY') })

const CROWD = 1_000
const require = createRequire(import.meta.url)
const here = new URL('public/', import.meta.url)
const esm = (name) => join(dirname(require.resolve(name)), '..', 'esm', 'index.js')

const provider = dirname(require.resolve('@jackstaff/openfeature-web'))

const files = {
  '/shop.js': [new URL('shop.js', here), 'text/javascript'],
  '/shop.css': [new URL('shop.css', here), 'text/css'],
  '/modules/jackstaff-web.js': [join(provider, 'index.js'), 'text/javascript'],
  // The provider asks for these by itself: what keeps flags true, and what few flags need.
  '/modules/live.js': [join(provider, 'live.js'), 'text/javascript'],
  '/modules/engine.js': [join(provider, 'engine.js'), 'text/javascript'],
  '/modules/regex.js': [join(provider, 'regex.js'), 'text/javascript'],
  '/modules/web-sdk.js': [esm('@openfeature/web-sdk'), 'text/javascript'],
  '/modules/core.js': [esm('@openfeature/core'), 'text/javascript'],
}

const newVisitor = () => `visitor-${randomInt(1_000_000)}`

/** Who visits: remembered in a cookie, so that the same person always gets the same variant. */
function visitorOf(request) {
  const known = /(?:^|; )visitor=([\w-]{1,64})/.exec(request.headers.cookie ?? '')?.[1]
  return known ?? newVisitor()
}

const pages = {
  '/': async (visitor) => shopPage({ visitor, browser, flags: await flags.forVisitor(visitor) }),
  '/checkout': async (visitor, query) =>
    checkoutPage({ visitor, browser, item: query.get('item'), flags: await flags.forVisitor(visitor) }),
  '/crowd': async (visitor) => crowdPage({ visitor, browser, crowd: await flags.crowd(CROWD) }),
}

async function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://shop')
  if (pathname === '/crowd.json') {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
    response.end(JSON.stringify(await flags.crowd(CROWD)))
    return
  }
  if (pathname === '/someone-else') {
    response
      .writeHead(303, { Location: '/', 'Set-Cookie': `visitor=${newVisitor()}; Path=/; SameSite=Lax` })
      .end()
    return
  }
  const file = files[pathname]
  if (file) {
    response.writeHead(200, { 'Content-Type': file[1] }).end(await readFile(file[0]))
    return
  }
  const page = pages[pathname]
  if (!page) {
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Nothing is sold here.\n')
    return
  }
  const visitor = visitorOf(request)
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Set-Cookie': `visitor=${visitor}; Path=/; SameSite=Lax`,
  })
  response.end(await page(visitor, searchParams))
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error)
    if (!response.headersSent) response.writeHead(500)
    response.end()
  })
})
server.listen(port, () => console.log(`The shop is open at http://localhost:${port}`))

async function stop() {
  server.close()
  server.closeAllConnections()
  await flags.close()
  process.exit(0)
}
process.once('SIGINT', stop)
process.once('SIGTERM', stop)
