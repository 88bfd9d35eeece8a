import type { Page } from '@playwright/test'
import { personOf } from '../../support/people'
import { expect, type Product, test } from '../fixtures'

const dialog = (page: Page) => page.getByRole('dialog')

/** Chooses from a select of ours. */
async function choose(page: Page, label: string, option: string): Promise<void> {
  await dialog(page).getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

async function invited(page: Page, product: Product, name: string): Promise<string> {
  await page.goto(`${product.url}/settings/members`)
  await page.getByRole('button', { name: 'Invite' }).click()
  await dialog(page).getByLabel('Name').fill(name)
  await dialog(page).getByLabel('E-mail').fill(`${name.toLowerCase()}@example.com`)
  await page.keyboard.press('Enter')
  const shown = page.getByRole('region', { name: `A sign-in link for ${name}` })
  return (await shown.locator('code').textContent())!
}

test('somebody is invited, given a role in one environment, explained, and shut out', async ({
  product,
  signedIn: page,
  browser,
}) => {
  const link = await invited(page, product, 'Rio')
  const context = await browser.newContext()
  const theirs = await context.newPage()
  await theirs.goto(link)
  await theirs.getByRole('button', { name: 'Continue' }).click()
  await theirs.waitForURL('**/projects')
  await theirs.goto(`${product.url}/settings`)
  await theirs.waitForURL('**/settings/sessions')
  await expect(theirs.getByRole('link', { name: 'Members' })).toHaveCount(0)

  await page.goto(`${product.url}/projects/sample/members`)
  await page.getByRole('button', { name: 'Give a role' }).click()
  await dialog(page).getByLabel('Find somebody').fill('rio@ex')
  await dialog(page).getByRole('button', { name: 'Choose Rio' }).click()
  await choose(page, 'Role', 'Publisher')
  await choose(page, 'Environment', 'Staging')
  await dialog(page).getByRole('button', { name: 'Give role' }).click()
  await expect(page.getByRole('row', { name: /Rio.*publisher.*in sample, staging/ })).toBeVisible()

  await page.getByRole('button', { name: 'What can they do? Rio' }).click()
  const publish = dialog(page).getByRole('listitem').filter({ hasText: 'Publish changes' })
  await expect(publish).toContainText('No: Publish changes')
  await choose(page, 'Environment', 'Staging')
  await expect(publish).toContainText('Yes: Publish changes')
  await expect(publish).toContainText('publisher in sample, staging')
  await page.keyboard.press('Escape')

  await theirs.goto(`${product.url}/projects/sample/members`)
  await expect(theirs.getByRole('row', { name: /Rio/ })).toBeVisible()
  await expect(theirs.getByRole('button', { name: 'Take away publisher from Rio' })).toHaveCount(0)

  await page.goto(`${product.url}/settings/members?q=rio`)
  await page.getByRole('button', { name: 'Actions for Rio' }).click()
  await page.getByRole('menuitem', { name: 'Shut out…' }).click()
  await dialog(page).getByRole('button', { name: 'Shut out' }).click()
  await expect(page.getByRole('row', { name: /Rio shut out/ })).toBeVisible()
  await theirs.reload()
  await theirs.waitForURL(/\/sign-in\?next=/)
  await context.close()
})

test('a group of people holds a role of the installation’s own', async ({ product, signedIn: page }) => {
  await invited(page, product, 'Cy')
  await page.goto(`${product.url}/settings/roles`)
  await page.getByRole('button', { name: 'Create role' }).click()
  await dialog(page).getByLabel('Name').fill('Key ring')
  await dialog(page).getByRole('button', { name: 'Create role' }).click()
  await expect(dialog(page)).toContainText('name at least one permission')
  await dialog(page).getByLabel('See which SDK keys exist').check()
  await dialog(page).getByRole('button', { name: 'Create role' }).click()
  await expect(page.getByRole('row', { name: /Key ring.*key-ring/ })).toContainText(
    'see which SDK keys exist',
  )

  await page.goto(`${product.url}/settings/groups`)
  await page.getByRole('button', { name: 'Create group' }).first().click()
  await dialog(page).getByLabel('Name').fill('Key people')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Members of Key people' }).click()
  await dialog(page).getByLabel('Find somebody').fill('cy')
  await dialog(page).getByRole('button', { name: 'Add Cy' }).click()
  await expect(dialog(page).getByRole('list', { name: 'Members', exact: true })).toContainText(
    'cy@example.com',
  )
  await dialog(page).getByRole('button', { name: 'Close' }).first().click()
  await expect(page.getByRole('row', { name: /Key people.*1 member/ })).toBeVisible()
  await page.getByRole('button', { name: 'Roles of Key people' }).click()
  await choose(page, 'Role', 'Key ring')
  await dialog(page).getByRole('button', { name: 'Give role' }).click()
  await expect(dialog(page).getByRole('list', { name: 'Roles held' })).toContainText('everywhere')
  await dialog(page).getByRole('button', { name: 'Close' }).first().click()

  await page.goto(`${product.url}/settings/members?q=cy`)
  await expect(page.getByRole('row', { name: /Cy/ })).toContainText('everywhere, by Key people')
  await page.goto(`${product.url}/settings/roles`)
  await page.getByRole('button', { name: 'Delete Key ring' }).click()
  await dialog(page).getByRole('button', { name: 'Delete role' }).click()
  await expect(dialog(page)).toContainText('take those grants away first')
})

test('tokens are shown once, and ask for a sign-in that is not long ago without losing what was typed', async ({
  product,
  signedIn: page,
}) => {
  await page.goto(`${product.url}/settings/tokens`)
  await page.getByRole('button', { name: 'Create token' }).first().click()
  await dialog(page).getByLabel('Name').fill('Pipeline')
  await page.route('**/api/v1/tokens', (route) =>
    route.fulfill({
      status: 403,
      contentType: 'application/problem+json',
      body: JSON.stringify({ title: 'Not allowed', status: 403, detail: 'sign in', code: 'sign_in_again' }),
    }),
  )
  await dialog(page).getByRole('button', { name: 'Create token' }).click()
  const again = page.getByRole('dialog', { name: 'Sign in again' })
  await expect(again.getByRole('link', { name: 'Sign in in a new tab' })).toHaveAttribute(
    'href',
    '/sign-in?again=1',
  )
  await again.getByRole('button', { name: 'I have signed in' }).click()
  await page.unroute('**/api/v1/tokens')
  await expect(dialog(page).getByLabel('Name')).toHaveValue('Pipeline')
  await dialog(page).getByRole('button', { name: 'Create token' }).click()
  const shown = page.getByRole('region', { name: 'Pipeline is ready' })
  const token = (await shown.locator('code').textContent())!
  const me = () => fetch(`${product.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } })
  expect(await (await me()).json()).toMatchObject({ kind: 'service', name: 'Pipeline' })
  await page.reload()
  await expect(page.getByText(token)).toHaveCount(0)
  await page.getByRole('button', { name: 'Revoke Pipeline' }).click()
  await dialog(page).getByRole('button', { name: 'Revoke token' }).click()
  await expect(page.getByText('Revoked Pipeline')).toBeVisible()
  await expect(page.getByRole('row', { name: /Pipeline/ })).toHaveCount(0)
  expect((await me()).status).toBe(401)

  await page.goto(`${product.url}/settings/my-tokens`)
  await page.getByRole('button', { name: 'Create token' }).first().click()
  await dialog(page).getByLabel('Name').fill('Laptop')
  await dialog(page).getByRole('radio', { name: 'A part of it' }).click()
  await dialog(page).getByLabel('See flags').check()
  await dialog(page).getByRole('button', { name: 'Create token' }).click()
  await expect(page.getByRole('region', { name: 'Laptop is ready' })).toBeVisible()
  await expect(page.getByRole('row', { name: /Laptop.*1 permission of yours/ })).toBeVisible()
})

test('signing out says what is lost, and the browser keeps nothing of the person but for looks', async ({
  product,
  browser,
}) => {
  const { api, url } = product
  const signIn = async (cookie: string) => {
    const [name = '', value = ''] = cookie.split('=')
    await context.addCookies([{ name, value, url }])
  }
  const context = await browser.newContext()
  await api('POST', '/projects/sample/flags', { key: 'private', name: 'Private', type: 'boolean' })
  await signIn((await personOf(product, 'editor')).cookie)
  const page = await context.newPage()
  const draft = page.getByRole('region', { name: 'Draft' })
  const begin = async () => {
    await page.goto(`${url}/projects/sample/flags/private?environment=staging`)
    await page.getByRole('button', { name: 'Add rule' }).click()
    await expect(draft).toBeVisible()
  }
  await begin()
  await context.clearCookies()
  await signIn((await personOf(product, 'editor')).cookie)
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: 'Private' })).toBeVisible()
  await expect(draft, 'the draft of somebody else').toBeHidden()

  await page.getByRole('button', { name: /editor/i }).click()
  await page.getByRole('menuitemradio', { name: 'Dark' }).click()
  await begin()
  await page.getByRole('button', { name: /editor/i }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  const asking = page.getByRole('dialog', { name: 'Sign out?' })
  await expect(asking).toContainText('1 draft of yours in this tab will be lost.')
  await asking.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/\/sign-in/)
  expect(await page.evaluate(() => [sessionStorage.length, localStorage.length])).toEqual([0, 0])
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await context.close()
})
