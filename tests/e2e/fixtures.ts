import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, test as base, type Page } from '@playwright/test'
import { type Api, apiOf } from '../support/api'
import { freePort, type Program, start, until } from '../support/process'

export { expect } from '@playwright/test'

export type Product = { url: string; databaseUrl: string; api: Api; program: Program; setUpLink: string }
export type Shop = { url: string; end(): Promise<number> }

const quiet = () => null
const answers = async (url: string) => (await fetch(url).catch(quiet))?.ok

/** The whole product on its embedded database, as a newcomer starts it. */
async function startProduct(settings: Record<string, string>): Promise<Product & { end(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'jackstaff-e2e-'))
  const port = await freePort()
  const url = `http://localhost:${port}`
  const token = randomBytes(24).toString('hex')
  const program = start(process.execPath, ['dist/server.mjs'], {
    NODE_ENV: 'production',
    PORT: String(port),
    PUBLIC_URL: url,
    DATABASE_URL: '',
    JACKSTAFF_DATA_DIR: dataDir,
    JACKSTAFF_BOOTSTRAP_TOKEN: token,
    ...settings,
  })
  await until(`${url} to be ready`, () => answers(`${url}/readyz`), 60_000)
  const setUpLink = await until(
    'the set-up link',
    () => /http\S+\/setup\?token=\S+/.exec(program.output())?.[0],
  )
  const home = /Embedded Postgres runs in (\S+)\./.exec(program.output())![1]!
  return {
    url,
    databaseUrl: `postgres://app@localhost/jackstaff?host=${encodeURIComponent(home)}`,
    api: apiOf(url, token),
    program,
    setUpLink,
    async end() {
      await program.end()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** The first admin opens the set-up link and fills in the form. */
export async function setUp(page: Page, product: Product): Promise<void> {
  await page.goto(product.setUpLink)
  await page.getByLabel('Name').fill('Ana')
  await page.getByLabel('E-mail').fill('ana@example.com')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/projects/**')
}

/** examples/shop, following the flags of a project's production environment. */
export async function openShop(product: Product, project: string): Promise<Shop> {
  const keys = `/projects/${project}/environments/production/keys`
  const server = await product.api('POST', keys, { kind: 'server', name: 'Shop' })
  const client = await product.api('POST', keys, { kind: 'client', name: 'Shop' })
  const port = await freePort()
  const url = `http://localhost:${port}`
  const program = start(process.execPath, ['examples/shop/server.mjs'], {
    PORT: String(port),
    JACKSTAFF_URL: product.url,
    JACKSTAFF_SERVER_KEY: server.body.key,
    JACKSTAFF_CLIENT_KEY: client.body.key,
  })
  await until(`the shop at ${url}; it printed ${program.output()}`, () => answers(url), 20_000)
  return { url, end: () => program.end() }
}

type Fixtures = { signedIn: Page }
type WorkerFixtures = { settings: Record<string, string>; product: Product; admin: BrowserContext }

/** `settings`: what the product is started with. `product`: one for a file's worker. `signedIn`: a page of the admin. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  settings: [{}, { scope: 'worker', option: true }],
  product: [
    async ({ settings }, use) => {
      const product = await startProduct(settings)
      await use(product)
      await product.end()
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  admin: [
    async ({ browser, product }, use) => {
      const context = await browser.newContext()
      const page = await context.newPage()
      await setUp(page, product)
      await page.close()
      await use(context)
      await context.close()
    },
    { scope: 'worker' },
  ],
  signedIn: async ({ admin }, use) => {
    const page = await admin.newPage()
    await use(page)
    await page.close()
  },
})
