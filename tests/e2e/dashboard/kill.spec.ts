import type { Page } from '@playwright/test'
import { expect, type Product, test } from '../fixtures'

async function openFlag(page: Page, { api, url }: Product, key: string) {
  await api('POST', '/projects/sample/flags', { key, name: key, type: 'boolean', offVariant: 'off' })
  await page.goto(`${url}/projects/sample/flags/${key}?environment=production`)
  await page.getByRole('button', { name: 'Kill…' }).click()
  const dialog = page.getByRole('dialog', { name: `Kill ${key} in Production` })
  return { dialog, hold: dialog.getByRole('button', { name: 'Hold to kill' }) }
}

const killOf = async ({ api }: Product, key: string) =>
  (await api('GET', `/projects/sample/flags/${key}/environments/production`)).body.kill

test('a kill needs a reason and a long press, and is lifted again', async ({ product, signedIn: page }) => {
  const { dialog, hold } = await openFlag(page, product, 'held')
  await expect(hold).toHaveAttribute('aria-disabled', 'true')
  await dialog.getByLabel('Why').fill('Error rate is up')
  await hold.click()
  expect(await killOf(product, 'held')).toBeNull()

  await hold.click({ delay: 1_000 })
  await expect(page.getByText(/^Killed by Ana/)).toBeVisible()
  await expect(page.getByText('No SDK is connected')).toBeVisible()
  expect(await killOf(product, 'held')).toMatchObject({ reason: 'Error rate is up', actor: { name: 'Ana' } })

  await page.getByRole('button', { name: 'Restore' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click()
  await expect(page.getByText(/^Killed by Ana/)).toBeHidden()
  expect(await killOf(product, 'held')).toBeNull()
})

test('a kill that nobody answers is asked for again until somebody does', async ({
  product,
  signedIn: page,
}) => {
  const { dialog, hold } = await openFlag(page, product, 'unheard')
  let asked = 0
  await page.route('**/environments/production/kill', (route) => {
    asked += 1
    if (asked === 1) return route.abort('connectionreset')
    if (asked === 2)
      return route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' })
    return route.continue()
  })
  await dialog.getByLabel('Why').fill('Error rate is up')
  await hold.click({ delay: 1_000 })
  await expect(dialog.getByText('Not confirmed yet')).toBeVisible()
  await expect(hold).toHaveAttribute('aria-disabled', 'true')
  await expect(page.getByText(/^Killed by Ana/)).toBeVisible()
  expect(asked).toBe(3)
  expect(await killOf(product, 'unheard')).toMatchObject({ reason: 'Error rate is up' })
})

test('a kill that is refused is not asked for again', async ({ product, signedIn: page }) => {
  const { dialog, hold } = await openFlag(page, product, 'archived-meanwhile')
  const { headers } = await product.api('GET', '/projects/sample/flags/archived-meanwhile')
  await product.api('DELETE', '/projects/sample/flags/archived-meanwhile', undefined, {
    'if-match': headers.get('etag')!,
  })
  await dialog.getByLabel('Why').fill('Error rate is up')
  await hold.click({ delay: 1_000 })
  await expect(dialog.getByRole('alert')).toContainText('archived-meanwhile')
  await expect(dialog.getByText('Not confirmed yet')).toBeHidden()
})

test('holding Enter kills as well, and letting go early does not', async ({ product, signedIn: page }) => {
  const { dialog, hold } = await openFlag(page, product, 'by-keyboard')
  await dialog.getByLabel('Why').fill('Error rate is up')
  await hold.focus()
  await page.keyboard.press('Enter', { delay: 200 })
  await expect(dialog).toBeVisible()
  expect(await killOf(product, 'by-keyboard')).toBeNull()
  await page.keyboard.press('Enter', { delay: 1_000 })
  await expect(page.getByText(/^Killed by Ana/)).toBeVisible()
})

test('assistive technology, which can only click, presses twice', async ({ product, signedIn: page }) => {
  const { dialog, hold } = await openFlag(page, product, 'by-click')
  await dialog.getByLabel('Why').fill('Error rate is up')
  await hold.dispatchEvent('click')
  await expect(dialog.getByText('Press again to confirm')).toBeAttached()
  expect(await killOf(product, 'by-click')).toBeNull()
  await hold.dispatchEvent('click')
  await expect(page.getByText(/^Killed by Ana/)).toBeVisible()
})
