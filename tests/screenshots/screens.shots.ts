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
      await page.getByRole('button', { name: 'More for rule 1' }).click()
      await page.getByRole('menuitem', { name: 'Duplicate' }).click()
    },
  },
  {
    name: 'editor',
    path: `${sample}/flags/seat-upgrade?environment=production`,
    open: (page) => page.getByRole('group', { name: 'Rule 1', exact: true }).scrollIntoViewIfNeeded(),
  },
  {
    name: 'editor-menu',
    path: `${sample}/flags/seat-upgrade?environment=production`,
    open: async (page) => {
      await page.getByRole('group', { name: 'Rule 2', exact: true }).scrollIntoViewIfNeeded()
      await page.getByRole('button', { name: 'More for rule 2' }).click()
    },
  },
  {
    name: 'editor-wrong',
    path: `${sample}/flags/seat-upgrade?environment=production`,
    open: async (page) => {
      await page.getByRole('button', { name: 'and another flag' }).click()
      await page.getByLabel('Flag that is needed').last().fill('nowhere')
      await expect(page.getByText('There is no flag “nowhere”.')).toBeVisible()
      await page.getByLabel('Values of seats').fill('a few')
      await page.getByLabel('End of rule 1').fill('2026-11-01T09:00')
    },
  },
  {
    name: 'editor-dragged',
    path: `${sample}/flags/seat-upgrade?environment=production`,
    open: async (page) => {
      const handle = (place: number) => page.getByRole('button', { name: `Move rule ${place}:` })
      await handle(4).hover()
      await page.mouse.down()
      await handle(3).hover()
    },
  },
  {
    name: 'review',
    path: `${sample}/flags/new-checkout?environment=production`,
    open: async (page) => {
      if (await page.getByText(/^\d changes? in Production/).isHidden()) {
        await page.getByLabel('Percentage').first().fill('37')
        await page.keyboard.press('Tab')
      }
      await page.getByRole('button', { name: 'Review changes' }).click()
    },
  },
  {
    name: 'segment-review',
    path: `${sample}/segments/insiders`,
    open: async (page) => {
      const included = page.getByRole('textbox', { name: 'Included' })
      if (await page.getByText('not published').isHidden()) {
        await included.fill('dora')
        await page.keyboard.press('Enter')
      }
      await page.getByRole('button', { name: 'Review changes' }).click()
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
