import type { Page } from '@playwright/test'
import { expect, type Product, test } from '../fixtures'

/** Open and alive: shortcuts listen once the page has been hydrated. */
async function open(page: Page, { url }: Product) {
  await page.goto(`${url}/projects/sample/flags`)
  await expect(async () => {
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog')).toBeVisible({ timeout: 500 })
  }).toPass()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
}

async function seed({ api }: Product, ...flags: { key: string; name: string; tags?: string[] }[]) {
  for (const flag of flags) await api('POST', '/projects/sample/flags', { type: 'boolean', ...flag })
}

test('a flag that breaks a rule is refused at its field, and nothing typed is lost', async ({
  product,
  signedIn: page,
}) => {
  await seed(product, { key: 'taken', name: 'Taken' })
  await open(page, product)
  await page.getByRole('button', { name: 'Create flag' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create flag' })
  await dialog.getByRole('radio', { name: 'Number' }).click()
  await dialog.getByLabel('Value of low').fill('ten')
  await dialog.getByLabel('Key').fill('no spaces')
  await dialog.getByRole('button', { name: 'Create flag' }).click()
  await expect(dialog.getByRole('alert')).toHaveText('write a number, such as 10 or 0.5')

  await dialog.getByLabel('Value of low').fill('10')
  await dialog.getByRole('button', { name: 'Create flag' }).click()
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveAccessibleDescription(/a name is needed/)
  await expect(dialog.getByLabel('Key')).toHaveAccessibleDescription(/letters, digits/)
  await expect(dialog.getByLabel('Value of low')).toHaveValue('10')

  await dialog.getByLabel('Name', { exact: true }).fill('Taken again')
  await dialog.getByLabel('Key').fill('taken')
  await dialog.getByRole('button', { name: 'Create flag' }).click()
  await expect(dialog.getByRole('alert')).toContainText('a flag "taken" exists already')
})

test('search is kept in the address, and finds by name, key and tag', async ({ product, signedIn: page }) => {
  await seed(
    product,
    { key: 'checkout-v2', name: 'One-page checkout', tags: ['web'] },
    { key: 'ranking', name: 'Ranking', tags: ['search', 'web'] },
  )
  await open(page, product)
  const rows = page.getByRole('table', { name: 'Flags' }).getByRole('row')
  await page.keyboard.press('/')
  await page.keyboard.type('one-page')
  await expect(rows).toHaveCount(2)
  await expect(page).toHaveURL(/q=one-page/)
  await page.reload()
  await expect(rows.nth(1)).toContainText('checkout-v2')

  await page.getByRole('searchbox').fill('tag:web rank')
  await expect(rows.nth(1)).toContainText('Ranking')
  await page.getByRole('searchbox').fill('nothing like it')
  await expect(page.getByRole('heading', { name: 'No flag matches “nothing like it”' })).toBeVisible()
  await page.getByRole('link', { name: 'Clear the search' }).click()
  await expect(page.getByRole('searchbox')).toHaveValue('')
  await expect(page.getByRole('link', { name: 'Ranking' })).toBeVisible()
  await expect(page).not.toHaveURL(/q=/)
})

test('the table is walked with j and k, and opened with Enter', async ({ product, signedIn: page }) => {
  await seed(product, { key: 'aa-first', name: 'AA first' }, { key: 'ab-second', name: 'AB second' })
  await open(page, product)
  await expect(page.getByRole('link', { name: 'AA first' })).toBeVisible()
  // The table listens a moment after the shell around it.
  await expect(async () => {
    await page.keyboard.press('j')
    await expect(page.getByRole('link', { name: 'AA first' })).toBeFocused({ timeout: 500 })
  }).toPass()
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  await page.keyboard.press('j')
  await expect(page.getByRole('link', { name: 'AB second' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'AB second' })).toBeVisible()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
})

test('an archived flag leaves the list, and comes back', async ({ product, signedIn: page }) => {
  await seed(product, { key: 'old-banner', name: 'Old banner' })
  await open(page, product)
  await page.getByRole('button', { name: 'Actions for Old banner' }).click()
  await page.getByRole('menuitem', { name: 'Archive…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click()
  await expect(page.getByRole('link', { name: 'Old banner' })).toBeHidden()

  await page.getByRole('link', { name: 'Show archived' }).click()
  await page.getByRole('link', { name: 'Old banner' }).click()
  await page.getByRole('button', { name: 'Bring back' }).click()
  await expect(page.getByRole('switch', { name: 'old-banner in Development' })).toBeEnabled()
})

test('the theme is kept, and there before the first script runs', async ({ product, signedIn: page }) => {
  await open(page, product)
  await page.getByRole('button', { name: 'Ana' }).click()
  await page.getByRole('menuitemradio', { name: 'Dark' }).click()
  const html = await (await page.request.get(`${product.url}/projects/sample/flags`)).text()
  expect(html).toMatch(/<html[^>]* data-theme="dark"/)
})
