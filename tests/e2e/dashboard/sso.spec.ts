import type { Page } from '@playwright/test'
import { type LocalIdp, startLocalIdp } from '../../support/local-idp'
import { expect, type Product, test } from '../fixtures'

let idp: LocalIdp
test.beforeAll(async ({ product }) => {
  idp = await startLocalIdp([`${product.url}/api/auth/callback/corp-login`], {
    lee: { name: 'Lee', email: 'lee@example.com', groups: ['engineering'] },
  })
})
test.afterAll(async ({ product }) => {
  await product.api('DELETE', '/sso/connections/corp-login')
  await idp?.close()
})

/** At the provider: it asks who that is. */
async function asLee(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Lee/ }).click()
}

async function addRule(page: Page, group: string, role: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a rule' }).click()
  await page.getByLabel('Group of rule 1').fill(group)
  await page.getByRole('combobox', { name: 'What rule 1 gives' }).click()
  await page.getByRole('option', { name: role, exact: true }).click()
}

const signIn = async (page: Page, product: Product) => {
  await page.goto(`${product.url}/projects/sample/flags`)
  await page.getByRole('button', { name: 'Continue with Corp login' }).click()
}

test.setTimeout(180_000)

test('an admin connects a provider and tries it first; people come in with the role of their group, and lose it with it', async ({
  product,
  signedIn: page,
  browser,
}) => {
  await page.goto(`${product.url}/settings/sso`)
  await page.getByRole('link', { name: 'Add a provider' }).click()
  await page.getByLabel('Name').fill('Corp login')
  await expect(page.getByText(`${product.url}/api/auth/callback/corp-login`)).toBeVisible()
  await page.getByLabel('Issuer').fill('http://login.example.com')
  await page.getByLabel('Client ID').fill(idp.client.id)
  await page.getByLabel('Client secret').fill(idp.client.secret)
  await page.getByRole('textbox', { name: 'Scopes' }).fill('groups')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Add provider' }).click()
  await expect(page.getByText('use https: plain http is for this machine alone')).toBeVisible()
  await expect(page.getByLabel('Issuer')).toBeFocused()
  await page.getByLabel('Issuer').fill(idp.issuer)
  await addRule(page, 'engineering', 'Editor')

  const popup = page.waitForEvent('popup')
  await page.getByRole('button', { name: 'Test in a new tab' }).click()
  const tab = await popup
  await asLee(tab)
  await expect(tab.getByText('Lee would be signed in, for the first time')).toBeVisible()
  await expect(tab.getByText('everywhere, by engineering')).toBeVisible()
  await expect(tab.getByRole('region', { name: 'Claims' })).toContainText('"email": "lee@example.com"')
  await tab.close()

  await page.getByRole('button', { name: 'Add provider' }).click()
  await expect(page.getByRole('row', { name: /Corp login.*OpenID Connect.*1 rule/ })).toBeVisible()

  const context = await browser.newContext()
  const theirs = await context.newPage()
  await signIn(theirs, product)
  await asLee(theirs)
  await theirs.waitForURL('**/projects/sample/flags')
  await page.goto(`${product.url}/settings/members?q=lee`)
  await expect(page.getByRole('row', { name: /Lee/ })).toContainText('everywhere, by single sign-on')

  await theirs.getByRole('button', { name: 'Lee' }).click()
  await theirs.getByRole('menuitem', { name: 'Sign out' }).click()
  await theirs.waitForURL('**/sign-in')
  idp.people.lee!.groups = []
  await theirs.getByRole('button', { name: 'Continue with Corp login' }).click()
  await expect(theirs.getByRole('main').getByRole('alert')).toContainText(
    'none of your groups has access here',
  )
  await page.reload()
  await expect(page.getByRole('row', { name: /Lee/ })).toContainText('None')

  idp.people.lee!.groups = ['engineering']
  await theirs.getByRole('button', { name: 'Continue with Corp login' }).click()
  await theirs.waitForURL('**/projects')
  await theirs.goto(`${product.url}/sign-in?again=1`)
  await expect(theirs.getByText('Show once more that you are Lee')).toBeVisible()
  await theirs.getByRole('button', { name: 'Sign in again through Corp login' }).click()
  await asLee(theirs)
  await theirs.waitForURL('**/signed-in')
  await expect(theirs.getByText('As Lee.')).toBeVisible()
  await context.close()
})
