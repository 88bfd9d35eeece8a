import type { Page } from '@playwright/test'
import { expect, test } from '../e2e/fixtures'
import { furnish } from './furnish'

const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } }
const only = process.env.ONLY

type Screen = { name: string; path: string; open?: (page: Page) => Promise<unknown> }

const sample = '/projects/sample'

const screens: Screen[] = [
  { name: 'flags', path: `${sample}/flags` },
  {
    name: 'flags-selected',
    path: `${sample}/flags?view=all`,
    open: async (page) => {
      for (const name of ['Seat map', 'Dark tickets']) await page.getByLabel(`Select ${name}`).click()
      await expect(page.getByRole('region', { name: 'Selected flags' })).toBeVisible()
    },
  },
  { name: 'flag', path: `${sample}/flags/new-checkout?environment=production` },
  { name: 'flag-history', path: `${sample}/flags/new-checkout?environment=production&tab=history` },
  { name: 'flag-insights', path: `${sample}/flags/new-checkout?environment=production&tab=insights` },
  { name: 'flag-killed', path: `${sample}/flags/old-search?environment=production` },
  { name: 'segments', path: `${sample}/segments` },
  { name: 'segment', path: `${sample}/segments/insiders` },
  { name: 'environments', path: `${sample}/environments` },
  { name: 'compare', path: `${sample}/environments/compare` },
  {
    name: 'promote',
    path: `${sample}/environments/compare`,
    open: async (page) => {
      await page.getByLabel('Choose all that differ').check()
      await page.getByRole('button', { name: /^Promote/ }).click()
    },
  },
  {
    name: 'palette',
    path: `${sample}/flags`,
    open: async (page) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').fill('s')
      await expect(page.getByRole('option', { name: 'Seat map' })).toBeVisible()
    },
  },
  {
    name: 'doubts',
    path: `${sample}/flags/new-checkout?environment=production`,
    open: async (page) => {
      await page.getByRole('button', { name: 'Duplicate rule 1' }).click()
    },
  },
  { name: 'approvals', path: `${sample}/approvals` },
  { name: 'connections', path: `${sample}/connections` },
  { name: 'webhooks', path: `${sample}/webhooks` },
  { name: 'audit', path: `${sample}/audit` },
  { name: 'get-started', path: `${sample}/get-started` },
  { name: 'project-members', path: `${sample}/members` },
  { name: 'settings-members', path: '/settings/members' },
  { name: 'settings-roles', path: '/settings/roles' },
  { name: 'settings-sso', path: '/settings/sso' },
  { name: 'settings-tokens', path: '/settings/tokens' },
]

test('screenshots', async ({ product, signedIn: page }) => {
  await furnish(product)
  for (const { name, path, open } of screens.filter(
    (screen) => !only || only.split(',').includes(screen.name),
  ))
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
      await page.goto(`${product.url}${path}`)
      await expect(page.locator('main [role="status"][aria-label]'), 'it loads').toHaveCount(0)
      await open?.(page)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.screenshot({ path: `dist/screenshots/${name}-${size}-${colorScheme}.png` })
      }
    }
})
