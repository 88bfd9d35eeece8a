import type { Page } from '@playwright/test'
import { dumpOf, foundIn, type Secrets } from '../../support/secrets'
import { expect, test } from '../fixtures'

test.use({ settings: { JACKSTAFF_WEBHOOK_ALLOW: '127.0.0.1', LOG_LEVEL: 'debug' } })

/** Everything that a page has put aside in the browser, and the cookies that it can read. */
async function keptBy(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const databases = await Promise.all(
      (await indexedDB.databases()).map(
        ({ name }) =>
          new Promise<unknown[]>((resolve, reject) => {
            const opening = indexedDB.open(name!)
            opening.onerror = () => reject(opening.error)
            opening.onsuccess = () => {
              const stores = [...opening.result.objectStoreNames]
              if (stores.length === 0) return resolve([])
              const reading = stores.map((store) => {
                const all = opening.result.transaction(store).objectStore(store).getAll()
                return new Promise((done) => {
                  all.onsuccess = () => done(all.result)
                })
              })
              void Promise.all(reading).then(resolve)
            }
          }),
      ),
    )
    const cached = await Promise.all(
      (await caches.keys()).map(async (name) =>
        (await (await caches.open(name)).keys()).map(({ url }) => url),
      ),
    )
    return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, databases, cached])
  })
}

test('what is shown once is kept nowhere: not in the browser, the logs or the database', async ({
  product,
  admin,
  signedIn: page,
}) => {
  const secrets: Secrets = new Map()
  const session = (await admin.cookies()).find(({ name }) => name.endsWith('jackstaff.session'))!
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax' })
  secrets.set('session', session.value)

  await page.goto(`${product.url}/projects/sample/connections`)
  await page.getByRole('button', { name: 'Create key' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Sentinel')
  await dialog.getByRole('button', { name: 'Create key' }).click()
  secrets.set(
    'SDK key',
    await page
      .getByText(/^jks_(srv|cli)_/)
      .first()
      .innerText(),
  )

  await page.goto(`${product.url}/settings/my-tokens`)
  await page
    .getByRole('button', { name: /Create/ })
    .first()
    .click()
  await dialog.getByLabel('Name').fill('Sentinel')
  await dialog.getByRole('button', { name: /Create/ }).click()
  secrets.set(
    'personal token',
    await page
      .getByText(/^jks_pat_/)
      .first()
      .innerText(),
  )

  await page.goto(`${product.url}/projects/sample/webhooks`)
  await page.getByRole('button', { name: 'Create webhook' }).first().click()
  await dialog.getByLabel('Name').fill('Sentinel')
  await dialog.getByLabel('Address').fill('http://127.0.0.1:9/sentinel')
  await dialog.getByRole('button', { name: 'Create webhook' }).click()
  secrets.set('webhook secret', (await page.getByText(/^whsec_/).innerText()).slice('whsec_'.length))

  await page.goto(`${product.url}/projects/sample/flags`)
  const kept = await keptBy(page)
  expect(foundIn(kept, secrets)).toEqual([])
  expect(kept).not.toMatch(/jks_|whsec_/)
  expect(await page.evaluate(() => document.cookie)).not.toContain('session')
  expect(foundIn(product.program.output(), secrets)).toEqual([])
  expect(foundIn(await dumpOf(product.databaseUrl), secrets)).toEqual([])
})
