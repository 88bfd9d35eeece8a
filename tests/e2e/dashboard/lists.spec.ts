import type { Page } from '@playwright/test'
import { expect, type Product, test } from '../fixtures'

type Seeded = { key: string; name?: string; tags?: string[]; owner?: string }

async function seed({ api }: Product, ...flags: Seeded[]) {
  for (const flag of flags)
    await api('POST', '/projects/sample/flags', { type: 'boolean', name: flag.key, ...flag })
}

const flagOf = async ({ api }: Product, key: string) =>
  (await api('GET', `/projects/sample/flags/${key}`)).body

/** Open and alive: a box that is ticked stays so once the page has been hydrated. */
async function open(page: Page, { url }: Product, query: string) {
  await page.goto(`${url}/projects/sample/flags?${query}`)
  await expect(async () => {
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog')).toBeVisible({ timeout: 1_000 })
  }).toPass()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
}

test('a search is saved as a view, shared, begun with, renamed and deleted', async ({
  product,
  signedIn: page,
}) => {
  await seed(product, { key: 'seat-map', tags: ['cabin'] }, { key: 'meal-choice' })
  await open(page, product, 'q=tag:cabin')
  await page.getByRole('button', { name: 'Display' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Type' }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('columnheader', { name: 'Type' })).toBeHidden()

  await page.getByRole('button', { name: 'Save as view…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save as view' })
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByLabel('Name')).toHaveAccessibleDescription(/a name is needed/)
  await dialog.getByLabel('Name').fill('The cabin')
  await dialog.getByLabel('Everybody in the project sees it').check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  const views = page.getByRole('navigation', { name: 'Views' })
  await expect(views.getByRole('link', { name: 'The cabin' })).toHaveAttribute('aria-current', 'page')

  await page.getByRole('button', { name: 'Options for the view The cabin' }).click()
  await page.getByRole('menuitem', { name: 'Begin with this view' }).click()
  await expect(views.getByRole('link', { name: 'The cabin (you begin with it)' })).toBeVisible()
  await page.keyboard.press('1')
  await expect(page).toHaveURL(/view=all/)
  await expect(page.getByRole('columnheader', { name: 'Type' })).toBeVisible()
  await page.goto(`${product.url}/projects/sample/flags`)
  await expect(page).toHaveURL(/q=tag%3Acabin/)
  await expect(page.getByRole('table', { name: 'Flags' }).getByRole('row')).toHaveCount(2)

  await page.getByRole('button', { name: 'Options for the view The cabin' }).click()
  await page.getByRole('menuitem', { name: 'Rename…' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Cabin and crew')
  await page.keyboard.press('Enter')
  await expect(views.getByRole('link', { name: 'Cabin and crew' })).toBeVisible()

  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('cabin and')
  await expect(page.getByRole('option', { name: 'Cabin and crew' })).toHaveAttribute('data-highlighted')
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Options for the view Cabin and crew' }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(views.getByRole('link', { name: 'Cabin and crew' })).toBeHidden()
  await page.goto(`${product.url}/projects/sample/flags`)
  await expect(views.getByRole('link', { name: 'All' })).toHaveAttribute('aria-current', 'page')
})

test('many flags are archived at once, what is needed is refused, and all of it is undone', async ({
  product,
  signedIn: page,
}) => {
  const keys = Array.from({ length: 56 }, (_, i) => `batch-${String(i).padStart(2, '0')}`)
  await seed(product, ...keys.map((key) => ({ key })), { key: 'dependant' })
  const needs = { on: true, offVariant: 'off', prerequisites: [{ flag: 'batch-03', variants: ['on'] }] }
  await product.api(
    'PUT',
    '/projects/sample/flags/dependant/environments/production',
    { ...needs, fallthrough: { variant: 'on' } },
    { 'if-match': '*' },
  )
  await open(page, product, 'q=batch-')
  await page.getByRole('checkbox', { name: 'Select batch-00' }).click()
  await page.getByRole('checkbox', { name: 'Select batch-02' }).click({ modifiers: ['Shift'] })
  const chosen = page.getByRole('region', { name: 'Selected flags' })
  await expect(chosen).toContainText('3 flags selected')
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await expect(chosen).toContainText('4 flags selected')
  await chosen.getByRole('button', { name: 'Select all 56' }).click()
  await expect(chosen).toContainText('56 flags selected')

  await chosen.getByRole('button', { name: 'Archive…' }).click()
  await page
    .getByRole('dialog', { name: 'Archive 56 flags?' })
    .getByRole('button', { name: 'Archive' })
    .click()
  const run = page.getByRole('region', { name: 'Change of many flags' })
  await expect(run).toContainText('Archived 55 of 56 flags.', { timeout: 40_000 })
  await run.getByRole('button', { name: '1 refused: why?' }).click()
  await expect(run.getByRole('listitem')).toContainText(
    'batch-03 flag "dependant" needs "batch-03" in production: remove that prerequisite first',
  )
  await expect(page.getByRole('table', { name: 'Flags' }).getByRole('row')).toHaveCount(2)
  await run.getByRole('button', { name: 'Undo' }).click()
  await expect(run).toContainText('Brought back 55 flags.', { timeout: 40_000 })
  await expect(page.getByText('56 flags', { exact: true })).toBeVisible()

  const entries = await product.api('GET', '/projects/sample/audit?limit=60&action=flag.restore')
  type Entry = { target: string; requestId: string }
  const ours = (entries.body.items as Entry[]).filter(({ target }) => target.includes('batch-'))
  expect([ours.length, new Set(ours.map(({ requestId }) => requestId)).size]).toEqual([55, 3])
})

test('a tag comes to those that lack it, and is taken back from those alone', async ({
  product,
  signedIn: page,
}) => {
  await seed(product, { key: 'tagged-a', tags: ['old'] }, { key: 'tagged-b' })
  await open(page, product, 'q=tagged-')
  await page.getByRole('checkbox', { name: 'Select tagged-a' }).click()
  await page.getByRole('checkbox', { name: 'Select tagged-b' }).click()
  await page.getByRole('button', { name: 'Tags' }).click()
  await page.getByRole('menuitem', { name: 'Add a tag…' }).click()
  await page.getByRole('dialog', { name: 'Tag 2 flags' }).getByLabel('Tag').fill('old')
  await page.keyboard.press('Enter')
  const run = page.getByRole('region', { name: 'Change of many flags' })
  await expect(run).toContainText('Tagged 1 of 2 flags. 1 was so already.')
  expect((await flagOf(product, 'tagged-b')).tags).toEqual(['old'])
  await run.getByRole('button', { name: 'Undo' }).click()
  await expect(run).toContainText('Untagged 1 flag.')
  expect((await flagOf(product, 'tagged-a')).tags).toEqual(['old'])
  expect((await flagOf(product, 'tagged-b')).tags).toEqual([])
})

test('how far many flags are stays in sight on every page, and what came of it is there afterwards', async ({
  product,
  signedIn: page,
}) => {
  const keys = Array.from({ length: 30 }, (_, i) => `afar-${String(i).padStart(2, '0')}`)
  await seed(product, ...keys.map((key) => ({ key })))
  await open(page, product, 'q=afar-')
  await page.getByRole('checkbox', { name: 'Select afar-00' }).click()
  await page.getByRole('button', { name: 'Select all 30' }).click()
  let letGo = () => {}
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  let asked = 0
  await page.route('**/api/v1/projects/sample/bulk', async (route) => {
    if (++asked === 2) await held
    await route.continue().catch(() => undefined) // its page is gone
  })
  await page.getByRole('button', { name: 'Tags' }).click()
  await page.getByRole('menuitem', { name: 'Add a tag…' }).click()
  await page.getByRole('dialog', { name: 'Tag 30 flags' }).getByLabel('Tag').fill('far')
  await page.keyboard.press('Enter')
  const run = page.getByRole('region', { name: 'Change of many flags' })
  await expect(run).toContainText('Tagging: 25 of 30', { timeout: 40_000 })

  await page.getByRole('link', { name: 'Segments' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Segments' })).toBeVisible()
  await expect(run).toContainText('Tagging: 25 of 30')
  page.once('dialog', (dialog) => dialog.accept()) // the browser asks before it leaves
  await page.goto(`${product.url}/projects`)
  letGo()
  await expect(run).toContainText('Stopped after 25 of 30 flags.')
  await run.getByRole('link', { name: 'Show what came of it' }).click()
  await run.getByRole('button', { name: 'Go on' }).click()
  await expect(run).toContainText(/Tagged (30|25 of 30) flags\./, { timeout: 40_000 })
  expect((await flagOf(product, 'afar-29')).tags).toEqual(['far'])
  await page.reload()
  await expect(run).toContainText(/Tagged (30|25 of 30) flags\./)
  await run.getByRole('button', { name: 'Dismiss' }).click()
  await expect(run).toBeHidden()
})

test('a narrow window shows what each environment does, to the last one', async ({
  product,
  signedIn: page,
}) => {
  await seed(product, { key: 'narrow', name: 'A rather long name that somebody gave to this thing' })
  await page.setViewportSize({ width: 1024, height: 768 })
  await open(page, product, 'q=narrow')
  await expect(page.getByRole('columnheader', { name: 'Production' })).toBeInViewport({ ratio: 1 })
  await expect(
    page
      .getByRole('row', { name: /narrow/ })
      .getByText('everyone gets')
      .last(),
  ).toBeInViewport({
    ratio: 1,
  })
})
