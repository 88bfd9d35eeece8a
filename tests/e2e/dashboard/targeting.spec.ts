import type { Locator, Page } from '@playwright/test'
import { expect, type Product, test } from '../fixtures'

const PATH = (key: string) => `/projects/sample/flags/${key}/environments/production`

/** A flag of its own for each test, open in production. */
async function openFlag(page: Page, { api, url }: Product, key: string) {
  await api('POST', '/projects/sample/flags', { key, name: key, type: 'boolean', offVariant: 'off' })
  await page.goto(`${url}/projects/sample/flags/${key}?environment=production`)
  await expect(page.getByRole('heading', { level: 1, name: key })).toBeVisible()
}

const rule = (page: Page, place: number) => page.getByRole('group', { name: `Rule ${place}`, exact: true })

async function addRule(page: Page, attribute: string, value: string): Promise<Locator> {
  const place = (await page.getByRole('group', { name: /^Rule \d/ }).count()) + 1
  await page.getByRole('button', { name: 'Add rule' }).click()
  const added = rule(page, place)
  await added.getByLabel('Attribute', { exact: true }).fill(attribute)
  await added.getByLabel(`Values of ${attribute}`).fill(value)
  await page.keyboard.press('Enter')
  return added
}

const publish = async (page: Page) => {
  await page.getByRole('button', { name: 'Review changes' }).click()
  await page.getByRole('button', { name: 'Publish to Production' }).click()
}

test('a percentage rule is written in sentences, reviewed in words and published exactly', async ({
  product,
  signedIn: page,
}) => {
  await openFlag(page, product, 'by-plan')
  const first = await addRule(page, 'plan', 'pro')
  await first.getByRole('button', { name: 'to a percentage' }).click()
  await first.getByLabel('Percentage').fill('12.345')
  await expect(page.getByText('1 change in Production')).toBeVisible()
  await page.reload()
  await page.getByRole('button', { name: 'Review changes' }).click()
  const sheet = page.getByRole('dialog', { name: 'Review changes in Production' })
  await expect(sheet).toContainText('If plan is pro → serve on to 12.345 %, the rest continue')
  await expect(sheet.getByRole('region', { name: 'Impact' }), 'it is off').toContainText(
    'Nobody gets anything else',
  )
  await sheet.getByRole('button', { name: 'Publish to Production' }).click()
  await expect(page.getByText('1 change in Production')).toBeHidden()

  const { body } = await product.api('GET', PATH('by-plan'))
  expect(body.rules).toMatchObject([
    {
      when: { attribute: 'plan', op: 'is_one_of', values: ['pro'] },
      serve: { rollout: { share: 12_345, split: [{ variant: 'on', weight: 100_000 }], rest: 'continue' } },
    },
  ])
})

test('problems stand beside their rule, wherever it is moved, until it is edited', async ({
  product,
  signedIn: page,
}) => {
  await openFlag(page, product, 'with-problems')
  await addRule(page, 'plan', 'pro')
  await page.getByRole('button', { name: 'Add rule' }).click()
  await publish(page)
  const sheet = page.getByRole('dialog', { name: 'Review changes in Production' })
  await expect(sheet.getByRole('alert')).toContainText('Rule 2: name an attribute')
  await sheet.getByRole('button', { name: 'Keep editing' }).click()
  await expect(rule(page, 2).getByRole('alert').first()).toHaveText('name an attribute')
  await expect(rule(page, 1).getByRole('alert')).toHaveCount(0)

  await rule(page, 2).getByRole('button', { name: 'Move rule 2:' }).focus()
  await page.keyboard.press('Alt+ArrowUp')
  await expect(rule(page, 1).getByRole('alert').first()).toHaveText('name an attribute')
  await expect(page.getByText('Rule moved to place 1 of 2')).toBeAttached()
  await rule(page, 1).getByLabel('Attribute', { exact: true }).fill('country')
  await expect(page.getByText('name an attribute')).toHaveCount(0)
})

test('when someone published meanwhile, the draft goes on top of theirs and nothing is lost', async ({
  product,
  signedIn: page,
}) => {
  await openFlag(page, product, 'contested')
  await addRule(page, 'plan', 'pro')
  const theirs = {
    on: true,
    offVariant: 'off',
    fallthrough: { variant: 'off' },
    targets: [{ variant: 'on', values: ['cy'] }],
  }
  await product.api('PUT', PATH('contested'), theirs, { 'if-match': '"1"' })
  await publish(page)
  await expect(page.getByText('Bootstrap published while you were editing')).toBeVisible()
  await expect(page.getByText('Always on for cy')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Review changes' })).toHaveAttribute('aria-disabled', 'true')

  await page.getByRole('button', { name: 'Keep mine on top of theirs' }).click()
  await publish(page)
  await expect(page.getByText('Published 1 change to Production')).toBeVisible()
  const { body } = await product.api('GET', PATH('contested'))
  expect(body).toMatchObject({ ...theirs, rules: [{ when: { attribute: 'plan' } }] })
})

test('where both changed the same thing one chooses by keyboard, and everything else comes together', async ({
  product,
  signedIn: page,
}) => {
  await openFlag(page, product, 'clashing')
  const serving = (share: number) => ({
    rollout: { share, split: [{ variant: 'on', weight: 100_000 }], rest: { variant: 'off' } },
  })
  const begun = { on: true, offVariant: 'off', fallthrough: serving(10_000) }
  await product.api('PUT', PATH('clashing'), begun, { 'if-match': '"1"' })
  await page.reload()
  await page.getByLabel('Percentage').fill('20')
  await addRule(page, 'plan', 'pro')
  const theirs = { ...begun, fallthrough: serving(30_000), targets: [{ variant: 'on', values: ['cy'] }] }
  await product.api('PUT', PATH('clashing'), theirs, { 'if-match': '"2"' })
  await page.getByRole('button', { name: 'Review changes' }).click()
  const sheet = page.getByRole('dialog', { name: 'Review changes in Production' })
  await sheet.getByLabel('Comment').fill('Twice as many')
  await page.keyboard.press('Control+Enter')

  const choice = page.getByRole('group', { name: 'Otherwise: both of you changed it' })
  await expect(choice).toContainText('It was: Serves on to 10 %, the rest get off')
  await expect(choice.getByRole('radio', { name: 'Yours Serves on to 20 %' })).toBeChecked()
  await expect(page.getByRole('region', { name: 'Yours' })).toContainText('Rule 1 added')
  await choice.getByRole('radio', { name: /^Yours/ }).focus()
  await page.keyboard.press('ArrowLeft')
  await expect(choice.getByRole('radio', { name: 'Bootstrap Serves on to 30 %' })).toBeChecked()
  await page.getByRole('button', { name: 'Go on with these' }).press('Enter')

  await page.getByRole('button', { name: 'Review changes' }).click()
  await expect(sheet.getByLabel('Comment'), 'nothing typed is lost').toHaveValue('Twice as many')
  await expect(sheet.getByRole('region', { name: 'Changes' })).not.toContainText('Otherwise')
  await sheet.getByRole('button', { name: 'Publish to Production' }).click()
  await expect(page.getByText('Published 1 change to Production')).toBeVisible()
  const { body } = await product.api('GET', PATH('clashing'))
  expect(body).toMatchObject({ ...theirs, rules: [{ when: { attribute: 'plan' } }] })
})

test('the switch publishes itself alone and leaves the draft a draft', async ({
  product,
  signedIn: page,
}) => {
  await openFlag(page, product, 'switched')
  await addRule(page, 'plan', 'pro')
  await page.getByRole('switch', { name: 'switched in Production' }).click()
  const turning = page.getByRole('dialog', { name: 'Turn on in Production?' })
  await expect(turning.getByRole('region', { name: 'Impact' })).toContainText(
    /Only adds people to on.*100\s%from off to on/,
  )
  await turning.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.getByRole('switch', { name: 'switched in Production' })).toBeChecked()
  await expect(page.getByText('1 change in Production')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Review changes' })).not.toHaveAttribute('aria-disabled')
  expect((await product.api('GET', PATH('switched'))).body).toMatchObject({ on: true, rules: [] })
})

test('the JSON view takes a change over into the sentences', async ({ product, signedIn: page }) => {
  await product.api('POST', '/projects/sample/segments', { key: 'beta', name: 'Beta' })
  await openFlag(page, product, 'as-json')
  await page.getByRole('radio', { name: 'JSON' }).click()
  const text = page.getByLabel('Targeting as JSON')
  const targeting = JSON.parse(await text.inputValue())
  await text.fill('{ "on": ')
  await expect(page.getByText(/This is not JSON yet/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Review changes' })).toHaveAttribute('aria-disabled', 'true')
  const when = { any: [{ segment: 'beta' }, { attribute: 'plan', op: 'is_one_of', values: ['pro'] }] }
  await text.fill(JSON.stringify({ ...targeting, rules: [{ id: 'a', when, serve: { variant: 'on' } }] }))
  await page.getByRole('radio', { name: 'Sentences' }).click()
  await expect(rule(page, 1).getByRole('combobox', { name: 'Segment', exact: true })).toHaveText('beta')
  await expect(rule(page, 1).getByLabel('How these conditions go together')).toHaveText('or')
  await expect(rule(page, 1).getByLabel('Attribute', { exact: true })).toHaveValue('plan')
})

test('trying a context lights the line that decides, by the engine that providers run', async ({
  product,
  signedIn: page,
}) => {
  await openFlag(page, product, 'tried')
  await addRule(page, 'plan', 'pro')
  await page.getByRole('button', { name: 'Try it' }).click()
  const rail = page.getByRole('complementary', { name: 'Try it' })
  await expect(rail).toContainText('State: off')
  await page.getByRole('switch', { name: 'tried in Production' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Turn on' }).click()
  await rail.getByLabel('Evaluation context').fill('{ "targetingKey": "ana", "plan": "free" }')
  await expect(rail).toContainText('Rule 1: did not match: plan is pro? plan is “free”')
  await rail.getByLabel('Evaluation context').fill('{ "targetingKey": "ana", "plan": "pro" }')
  await expect(rail).toContainText('TARGETING_MATCH')
})

test('on the way to another environment nothing can be changed in the one left behind', async ({
  product,
  signedIn: page,
}) => {
  await openFlag(page, product, 'leaving')
  await page.route('**/flags/leaving?environment=staging**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 700))
    await route.continue()
  })
  await page.getByRole('link', { name: 'Staging' }).click()
  await page.getByRole('button', { name: 'Add rule' }).click()
  await expect(page.getByText('1 change in Staging')).toBeVisible()
})
