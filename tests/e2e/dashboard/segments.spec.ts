import type { Page } from '@playwright/test'
import { expect, type Product, test } from '../fixtures'

const SEGMENTS = '/projects/sample/segments'

async function open(page: Page, { api, url }: Product, key: string, body: object = {}) {
  await api('POST', SEGMENTS, { key, name: `Segment ${key}`, ...body })
  await page.goto(`${url}/projects/sample/segments/${key}`)
  await expect(page.getByRole('heading', { level: 1, name: `Segment ${key}` })).toBeVisible()
}

/** A flag that serves `on` to a segment in one environment. */
async function use({ api }: Product, flag: string, segment: string, environment: string) {
  await api('POST', '/projects/sample/flags', { key: flag, name: flag, type: 'boolean', offVariant: 'off' })
  const targeting = {
    on: true,
    offVariant: 'off',
    rules: [{ id: 'r', when: { segment }, serve: { variant: 'on' } }],
    fallthrough: { variant: 'off' },
  }
  const path = `/projects/sample/flags/${flag}/environments/${environment}`
  expect((await api('PUT', path, targeting, { 'if-match': '*' })).status).toBe(200)
}

const review = async (page: Page, name: string) => {
  await page.getByRole('button', { name: 'Review changes' }).click()
  return page.getByRole('dialog', { name: `Review changes to ${name}` })
}

test('a segment is created, filled by hand, by condition and from a file, reviewed and saved', async ({
  product,
  signedIn: page,
}) => {
  // A project of its own: files share a product, and others make segments in the sample.
  await product.api('POST', '/projects', { key: 'groups', name: 'Groups' })
  await page.goto(`${product.url}/projects/groups/flags`)
  await page.getByRole('link', { name: 'Segments' }).click()
  await expect(page.getByRole('heading', { name: 'Name a group of people once' })).toBeVisible()
  await page.getByRole('button', { name: 'Create segment' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create segment' })
  await dialog.getByLabel('Name').fill('Beta testers')
  await dialog.getByRole('button', { name: 'Create segment' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Beta testers' })).toBeVisible()

  await page.getByRole('textbox', { name: 'Included' }).fill('ana, bo')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Add a condition' }).click()
  const condition = page.getByRole('group', { name: 'Condition 1' })
  await condition.getByLabel('Attribute', { exact: true }).fill('plan')
  await condition.getByLabel('Values of plan').fill('pro')
  await page.keyboard.press('Enter')

  await page.getByRole('button', { name: 'Add excluded from a CSV file' }).click()
  const file = page.getByRole('dialog', { name: 'Excluded: from a CSV file' })
  const rows = ['since,User ID', '2026-01-01,eve', '2026-01-02,mal', '2026-01-02,eve', '2026-01-03,']
  await file
    .getByLabel('CSV file', { exact: true })
    .setInputFiles({ name: 'left.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) })
  const became = file.getByRole('status', { name: 'What becomes of the file' })
  await expect(became).toContainText('2 ids to add')
  await expect(became).toContainText('1 row is there twice')
  await expect(became).toContainText('1 row is empty in this column')
  await file.getByRole('button', { name: 'Add 2' }).click()

  await expect(page.getByText('3 changes in Beta testers')).toBeVisible()
  const tried = page.getByRole('region', { name: 'Is somebody in it?' })
  await tried.getByLabel('Evaluation context').fill('{ "targetingKey": "cy", "plan": "pro" }')
  await expect(tried.getByRole('status')).toHaveText('In it: condition 1 holds')
  await tried.getByLabel('Evaluation context').fill('{ "targetingKey": "eve", "plan": "pro" }')
  await expect(tried.getByRole('status')).toHaveText('Not in it: targetingKey eve is excluded')
  await page.reload()
  const sheet = await review(page, 'Beta testers')
  await expect(sheet).toContainText('Includes ana, bo')
  await expect(sheet).toContainText('Excludes eve, mal')
  await expect(sheet).toContainText('Includes whoever: plan is pro')
  await expect(sheet).toContainText('No flag uses this segment yet: nothing changes for anyone.')
  await sheet.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('3 changes in Beta testers')).toBeHidden()
  expect((await product.api('GET', '/projects/groups/segments/beta-testers')).body).toMatchObject({
    included: ['ana', 'bo'],
    excluded: ['eve', 'mal'],
    any: [{ attribute: 'plan', op: 'is_one_of', values: ['pro'] }],
  })
  await page.getByRole('link', { name: 'Segments' }).first().click()
  await expect(page.getByRole('row', { name: /Beta testers/ })).toContainText(
    '2 individuals, and whoever: plan is pro',
  )
})

test('a change says where it reaches, survives a change by somebody else, and problems stand beside their line', async ({
  product,
  signedIn: page,
}) => {
  await open(page, product, 'contested', { included: ['ana'] })
  await use(product, 'first-user', 'contested', 'production')
  await use(product, 'second-user', 'contested', 'staging')
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Used by 2 flags' })).toBeVisible()

  await page.getByRole('button', { name: 'Add a condition' }).click()
  let sheet = await review(page, 'Segment contested')
  await expect(sheet.getByRole('region', { name: 'Where it reaches' })).toContainText(
    'first-userProductionWho gets something else can be said once nothing is left blank',
  )
  await sheet.getByRole('button', { name: 'Publish to Staging and Production' }).click()
  await expect(sheet.getByRole('alert')).toContainText('Condition 1: name an attribute')
  await sheet.getByRole('button', { name: 'Keep editing' }).click()
  const condition = page.getByRole('group', { name: 'Condition 1' })
  await expect(condition.getByRole('alert').first()).toHaveText('name an attribute')
  await condition.getByLabel('Attribute', { exact: true }).fill('country')
  await condition.getByLabel('Values of country').fill('CH')
  await page.keyboard.press('Enter')

  const theirs = { name: 'Segment contested', included: ['ana', 'cy'] }
  await product.api('PUT', `${SEGMENTS}/contested`, theirs, { 'if-match': '"1"' })
  sheet = await review(page, 'Segment contested')
  await sheet.getByRole('button', { name: 'Publish to Staging and Production' }).click()
  await expect(page.getByText('Bootstrap saved while you were editing')).toBeVisible()
  await expect(page.getByText('Includes cy')).toBeVisible()
  await page.getByRole('button', { name: 'Keep mine on top of theirs' }).click()
  sheet = await review(page, 'Segment contested')
  await sheet.getByRole('button', { name: 'Publish to Staging and Production' }).click()
  await expect(page.getByText('Published to Staging and Production.')).toBeVisible()
  expect((await product.api('GET', `${SEGMENTS}/contested`)).body).toMatchObject({
    included: ['ana', 'cy'],
    any: [{ attribute: 'country', values: ['CH'] }],
  })
})

test('the review says flag by flag who gets what, also of flags that ask another segment', async ({
  product,
  signedIn: page,
}) => {
  await open(page, product, 'inner', { included: ['ana'] })
  const outer = { key: 'outer', name: 'Outer', any: [{ segment: 'inner' }] }
  await product.api('POST', SEGMENTS, outer)
  await use(product, 'asks-inner', 'inner', 'production')
  await use(product, 'asks-outer', 'outer', 'staging')
  await use(product, 'not-asked', 'inner', 'staging')
  const off = { on: false, offVariant: 'off', rules: [], fallthrough: { variant: 'off' } }
  const rules = [{ id: 'r', when: { segment: 'inner' }, serve: { variant: 'on' } }]
  const path = '/projects/sample/flags/not-asked/environments/staging'
  expect((await product.api('PUT', path, { ...off, rules }, { 'if-match': '*' })).status).toBe(200)
  await page.reload()
  await page.getByRole('textbox', { name: 'Included' }).fill('bo')
  await page.keyboard.press('Enter')

  const flags = '**/api/v1/projects/sample/flags/asks-*'
  await page.route(flags, (route) => route.abort())
  const sheet = await review(page, 'Segment inner')
  const reaches = sheet.getByRole('region', { name: 'Where it reaches' })
  await expect(reaches).toContainText('Who gets what of each flag cannot be told now')
  await page.unroute(flags)
  await reaches.getByRole('button', { name: 'Try again' }).click()
  const card = (flag: string) => reaches.getByRole('listitem').filter({ hasText: flag }).first()
  const gains = (environment: string) =>
    new RegExp(`${environment}Only adds people to on1 individual: bo100\\s%from off to on`)
  await expect(card('asks-inner')).toContainText(gains('Production'))
  await expect(card('asks-outer')).toContainText(gains('Staging'))
  await expect(reaches).toContainText('Nobody gets anything else of not-asked.')
})

test('JSON that does not read yet is kept over a reload', async ({ product, signedIn: page }) => {
  await open(page, product, 'as-json')
  await page.getByRole('radio', { name: 'JSON' }).click()
  const text = page.getByLabel('Conditions as JSON')
  await text.fill('[{ "segment": ')
  await expect(page.getByText(/This is not JSON yet/)).toBeVisible()
  await page.reload()
  await expect(text).toHaveValue('[{ "segment": ')
  await expect(page.getByText(/This is not JSON yet/)).toBeVisible()
  await text.fill('[{ "attribute": "plan", "op": "is_one_of", "values": ["pro"] }]')
  await expect(page.getByText('1 change in Segment as-json')).toBeVisible()
})

test('a segment that is used is kept, and one that is not is deleted', async ({
  product,
  signedIn: page,
}) => {
  await open(page, product, 'kept')
  await use(product, 'keeper', 'kept', 'production')
  await page.reload()
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete Segment kept?' })
  await expect(dialog).toContainText('keeper uses it: change its rules first.')
  await expect(dialog.getByRole('button', { name: 'Delete segment' })).toHaveAttribute(
    'aria-disabled',
    'true',
  )
  await dialog.getByRole('button', { name: 'Cancel' }).click()

  await product.api('DELETE', '/projects/sample/flags/keeper')
  await page.reload()
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Rename…' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Other')
  await page.keyboard.press('Enter')
  const sheet = await review(page, 'Segment kept')
  await expect(sheet).toContainText('Named “Other” (was “Segment kept”)')
  await sheet.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Other' })).toBeVisible()
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete segment' }).click()
  await expect(page).toHaveURL(/\/segments$/)
  expect((await product.api('GET', `${SEGMENTS}/kept`)).status).toBe(404)
})

test('where an environment that it reaches is protected, a change is asked for', async ({
  product,
  signedIn: page,
}) => {
  await open(page, product, 'guarded')
  await use(product, 'guard', 'guarded', 'staging')
  await product.api('PATCH', '/projects/sample/environments/staging', { protected: true })
  await page.reload()
  await page.getByRole('textbox', { name: 'Included' }).fill('dora')
  await page.keyboard.press('Enter')
  const sheet = await review(page, 'Segment guarded')
  await expect(sheet).toContainText('Staging is protected: 1 other person has to approve this first')
  await sheet.getByRole('button', { name: 'Ask for approval' }).click()
  await expect(page.getByText('It stands under Approvals.')).toBeVisible()
  await page.getByRole('link', { name: 'Approvals' }).click()
  await expect(page.getByRole('article').filter({ hasText: 'guarded' })).toContainText('Includes dora')
  await product.api('PATCH', '/projects/sample/environments/staging', { protected: false })
})
