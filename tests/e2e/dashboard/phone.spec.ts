import type { BrowserContext, Locator, Page } from '@playwright/test'
import { expect, type Product, test } from '../fixtures'

/** A finger that stays: until what it waits for is there. */
async function pressAndHold(page: Page, button: Locator, until: () => Promise<unknown>) {
  const { x, y, width, height } = (await button.boundingBox())!
  const session = await page.context().newCDPSession(page)
  const touchPoints = [{ x: x + width / 2, y: y + height / 2 }]
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints })
  await until()
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
}

const phone = test.extend<{ mobile: Page }>({
  mobile: async ({ browser, admin }, use) => {
    const storageState = await admin.storageState()
    const viewport = { width: 390, height: 844 }
    const context: BrowserContext = await browser.newContext({
      storageState,
      viewport,
      hasTouch: true,
      isMobile: true,
    })
    await use(await context.newPage())
    await context.close()
  },
})

const killOf = async ({ api }: Product, key: string) =>
  (await api('GET', `/projects/sample/flags/${key}/environments/production`)).body.kill

async function kill(page: Page, name: string) {
  const dialog = page.getByRole('dialog', { name: `Kill ${name} in Production` })
  await dialog.getByLabel('Why').fill('Error rate is up')
  await pressAndHold(page, dialog.getByRole('button', { name: 'Hold to kill' }), () =>
    expect(page.getByText(/^Killed by Ana/)).toBeVisible(),
  )
}

phone('a flag is killed from the list with a finger, and restored', async ({ product, mobile: page }) => {
  await product.api('POST', '/projects/sample/flags', { key: 'boarding', name: 'Boarding', type: 'boolean' })
  await page.goto(`${product.url}/projects/sample/flags?q=boarding`)
  const item = page.getByRole('menuitem', { name: 'Kill in Production…' })
  await expect(async () => {
    if (!(await item.isVisible())) await page.getByRole('button', { name: 'Actions for Boarding' }).tap()
    await expect(item).toBeVisible({ timeout: 2_000 })
  }).toPass()
  await item.tap()
  await kill(page, 'boarding')
  await expect(page.getByText('No SDK is connected')).toBeVisible()
  expect(await killOf(product, 'boarding')).toMatchObject({ reason: 'Error rate is up' })
  await page.getByRole('button', { name: 'Restore' }).tap()
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).tap()
  await expect(page.getByText(/^Killed by Ana/)).toBeHidden()
  expect(await killOf(product, 'boarding')).toBeNull()
})

phone(
  'a flag is killed from the palette with a finger; a short touch does nothing',
  async ({ product, mobile: page }) => {
    await product.api('POST', '/projects/sample/flags', {
      key: 'ticketing',
      name: 'Ticketing',
      type: 'boolean',
    })
    await page.goto(`${product.url}/projects/sample/flags`)
    const box = page.getByRole('combobox', { name: 'Find or do something' })
    await expect(async () => {
      if (!(await box.isVisible())) await page.getByRole('button', { name: 'Find or do' }).tap()
      await expect(box).toBeVisible({ timeout: 2_000 })
    }).toPass()
    await box.fill('kill ticketing')
    await page.getByRole('option', { name: 'Kill Ticketing in Production…' }).tap()
    const dialog = page.getByRole('dialog', { name: 'Kill ticketing in Production' })
    await dialog.getByLabel('Why').fill('Error rate is up')
    await dialog.getByRole('button', { name: 'Hold to kill' }).tap()
    expect(await killOf(product, 'ticketing')).toBeNull()
    await kill(page, 'ticketing')
    expect(await killOf(product, 'ticketing')).toMatchObject({ reason: 'Error rate is up' })
  },
)

phone(
  'nothing of the list, a flag and its kill is wider than the phone',
  async ({ product, mobile: page }) => {
    const body = { key: 'wide', name: 'A name of some length, as people give them', type: 'boolean' }
    await product.api('POST', '/projects/sample/flags', body)
    for (const path of ['flags?q=wide', 'flags/wide?environment=production', 'flags/wide?tab=settings']) {
      await page.goto(`${product.url}/projects/sample/${path}`)
      await expect(page.getByText(body.name).first()).toBeVisible()
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390)
    }
  },
)

phone('nothing of other lists is out of sight to the right', async ({ product, mobile: page }) => {
  const { api, url } = product
  const long = 'A rather long name that somebody gave to this thing because it said all there is'
  await api('POST', '/projects', { key: 'lengthy', name: long })
  const any = [{ attribute: 'email', op: 'ends_with', values: ['@a-long-domain-name.example.com'] }]
  await api('POST', '/projects/lengthy/segments', { key: 'lengthy', name: long, any })
  for (const path of ['', '/lengthy/segments', '/lengthy/environments', '/lengthy/members']) {
    await page.goto(`${url}/projects${path}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    const wider = await page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('.card')]
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
        .map(({ tagName, className }) => `${tagName} ${className}`),
    )
    expect(wider, path).toEqual([])
  }
  const here = page.getByRole('navigation', { name: 'Project' }).getByRole('link', { name: 'Members' })
  await expect(here).toBeInViewport({ ratio: 1 })
})
