import type { Locator, Page } from '@playwright/test'
import { expect, type Product, test } from '../fixtures'

const PATH = (key: string) => `/projects/sample/flags/${key}/environments/production`
const FLAGS = '/projects/sample/flags'

const is = (plan: string) => ({ attribute: 'plan', op: 'is_one_of', values: [plan] })
const serving = (...rules: object[]) => ({
  on: true,
  offVariant: 'off',
  rules,
  fallthrough: { variant: 'off' },
})
const named = (name: string) => ({ id: name, name, when: is(name), serve: { variant: 'on' } })

/** A flag of its own for each test, open in production. */
async function openFlag(page: Page, { api, url }: Product, key: string, ...rules: object[]) {
  await api('POST', FLAGS, { key, name: key, type: 'boolean', offVariant: 'off' })
  if (rules.length > 0) await api('PUT', PATH(key), serving(...rules), { 'if-match': '*' })
  await page.goto(`${url}/projects/sample/flags/${key}?environment=production`)
  await expect(page.getByRole('heading', { level: 1, name: key })).toBeVisible()
}

const rule = (page: Page, place: number) => page.getByRole('group', { name: `Rule ${place}`, exact: true })
const names = (page: Page) =>
  page
    .getByLabel(/^Name of rule/)
    .evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value))
const handle = (page: Page, place: number) => page.getByRole('button', { name: `Move rule ${place}:` })

async function choose(page: Page, place: number, item: string) {
  await page.getByRole('button', { name: `More for rule ${place}` }).click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

async function pick(page: Page, select: Locator, option: string) {
  await select.click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

async function review(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Review changes' }).click()
  return page.getByRole('dialog', { name: 'Review changes in Production' })
}

async function publish(page: Page) {
  await (await review(page)).getByRole('button', { name: 'Publish to Production' }).click()
}

async function middleOf(locator: Locator) {
  const box = (await locator.boundingBox())!
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

test('rules are dragged by their handles, let go with Escape, and the new place is said', async ({
  product,
  signedIn: page,
}) => {
  await openFlag(page, product, 'dragged', named('a'), named('b'), named('c'))
  await page.setViewportSize({ width: 1280, height: 1400 })
  await rule(page, 2).scrollIntoViewIfNeeded()
  const first = await middleOf(handle(page, 1))
  const drag = async () => {
    const { x, y } = await middleOf(handle(page, 3))
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(first.x, first.y, { steps: 3 })
  }
  await drag()
  await page.keyboard.press('Escape')
  await page.mouse.up()
  expect(await names(page)).toEqual(['a', 'b', 'c'])
  await drag()
  await page.mouse.up()
  await expect.poll(() => names(page)).toEqual(['c', 'a', 'b'])
  await expect(page.getByText('Rule moved to place 1 of 3')).toBeAttached()
  await expect(handle(page, 1)).toBeFocused()

  const [from, to] = [await middleOf(handle(page, 1)), await middleOf(rule(page, 3))]
  const finger = await page.context().newCDPSession(page)
  await finger.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 1 })
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: { x: number; y: number }[]) =>
    finger.send('Input.dispatchTouchEvent', { type, touchPoints })
  await touch('touchStart', from)
  await touch('touchMove', { x: from.x, y: from.y + 30 })
  await touch('touchMove', { x: from.x, y: to.y + 40 })
  await touch('touchEnd')
  await expect.poll(() => names(page)).toEqual(['a', 'b', 'c'])
  await page.keyboard.press('Alt+ArrowUp')
  await expect.poll(() => names(page)).toEqual(['a', 'c', 'b'])
})

test('a rule is disabled and commented in words, and only people see it', async ({
  product,
  signedIn: page,
}) => {
  await openFlag(page, product, 'resting', named('pro'))
  await choose(page, 1, 'Disable')
  await expect(rule(page, 1)).toContainText('Disabled')
  await choose(page, 1, 'Add a comment')
  await expect(page.getByLabel('Comment on rule 1')).toBeFocused()
  await page.keyboard.type('Again after the sale')
  await page.getByRole('button', { name: 'Try it' }).click()
  const rail = page.getByRole('complementary', { name: 'Try it' })
  await rail.getByLabel('Evaluation context').fill('{ "targetingKey": "ana", "plan": "pro" }')
  await expect(rail).toContainText('off')
  await expect(rail).not.toContainText('Rule 1')
  const sheet = await review(page)
  await expect(sheet).toContainText('Rule 1 (pro) disabled')
  await expect(sheet).toContainText('Rule 1 (pro) has the comment “Again after the sale”')
  await sheet.getByRole('button', { name: 'Publish to Production' }).click()
  await expect(page.getByText('Published 2 changes to Production')).toBeVisible()
  const { body } = await product.api('GET', PATH('resting'))
  expect(body.rules).toEqual([{ ...named('pro'), disabled: true, comment: 'Again after the sale' }])
  await page.getByLabel('Comment on rule 1').fill('Again in spring')
  await publish(page)
  await expect(page.getByText('Saved 1 change in Production')).toBeVisible()
  await rule(page, 1).getByRole('button', { name: 'Enable' }).click()
  await expect(page.getByText('1 change in Production', { exact: true })).toBeVisible()
})

test('groups are written in sentences to the depth that the engine takes', async ({
  product,
  signedIn: page,
}) => {
  await openFlag(page, product, 'grouped', named('pro'))
  await rule(page, 1).getByRole('button', { name: 'and a group' }).click()
  const group = rule(page, 1).getByRole('group', { name: 'any of these' })
  await group.getByLabel('Attribute', { exact: true }).fill('country')
  await group.getByLabel('Values of country').fill('de,')
  await group.getByRole('button', { name: 'or', exact: true }).click()
  await group.getByLabel('Attribute', { exact: true }).last().fill('seats')
  await pick(page, group.getByLabel('Operator').last(), '≥')
  await group.getByLabel('Values of seats').fill('5')
  await pick(page, rule(page, 1).getByLabel('How this group decides'), 'none of these')
  for (const inner of ['or a group', 'and a group'])
    await rule(page, 1).getByRole('button', { name: inner }).first().click()
  const deepest = rule(page, 1).getByRole('group', { name: 'any of these' })
  await expect(deepest.getByRole('button', { name: 'or a group' })).toHaveAttribute('aria-disabled', 'true')
  await deepest.getByRole('button', { name: 'Remove this condition' }).click()
  await rule(page, 1).getByRole('button', { name: 'Remove this group' }).nth(1).click()
  await publish(page)
  await expect(page.getByText('Published 1 change to Production')).toBeVisible()
  const { body } = await product.api('GET', PATH('grouped'))
  expect(body.rules[0].when).toEqual({
    all: [
      is('pro'),
      {
        not: {
          any: [
            { attribute: 'country', op: 'is_one_of', values: ['de'] },
            { attribute: 'seats', op: 'gte', values: [5] },
          ],
        },
      },
    ],
  })
})

test('a window says whether it holds, and cannot end before it starts', async ({
  product,
  signedIn: page,
}) => {
  await openFlag(page, product, 'windowed', named('pro'))
  await choose(page, 1, 'Add a time window')
  await expect(page.getByLabel('Start of rule 1')).toBeFocused()
  await page.getByLabel('Start of rule 1').fill('2099-12-01T09:00')
  await expect(rule(page, 1)).toContainText('not yet')
  await page.getByLabel('End of rule 1').fill('2099-11-01T09:00')
  await expect(rule(page, 1).getByRole('alert')).toContainText('a rule must end after it starts')
  await publish(page)
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByRole('alert')).toContainText('a rule must end after it starts')
  await sheet.getByRole('button', { name: 'Keep editing' }).click()
  await page.getByLabel('End of rule 1').fill('2099-12-24T18:00')
  await expect(rule(page, 1).getByRole('alert')).toHaveCount(0)
  await expect(rule(page, 1)).toContainText('from 1 Dec 2099, 09:00 UTC until 24 Dec 2099, 18:00 UTC')
  await page.getByLabel('Start of rule 1').fill('2020-01-01T00:00')
  await expect(rule(page, 1)).toContainText('running')
  await publish(page)
  await expect(page.getByText('Published 1 change to Production')).toBeVisible()
  const { body } = await product.api('GET', PATH('windowed'))
  expect(body.rules[0]).toMatchObject({
    from: '2020-01-01T00:00:00+00:00',
    until: '2099-12-24T18:00:00+00:00',
  })
})

test('a needed flag is found by its name, and what cannot be needed is said at the field', async ({
  product,
  signedIn: page,
}) => {
  const needing = { ...serving(), prerequisites: [{ flag: 'dependant', variants: ['on'] }] }
  await openFlag(page, product, 'dependant')
  await product.api('POST', FLAGS, { key: 'billing-v2', name: 'The new billing', type: 'boolean' })
  await product.api('POST', FLAGS, { key: 'circle', name: 'Circle', type: 'boolean' })
  await product.api('PUT', PATH('circle'), needing, { 'if-match': '*' })
  const needs = page.getByRole('group', { name: 'Needs' })
  await needs.getByRole('button', { name: 'another flag to be serving something' }).click()
  await needs.getByLabel('Flag that is needed').fill('new billing')
  await page.getByRole('option', { name: 'The new billing' }).click()
  await expect(needs.getByLabel('Flag that is needed')).toHaveValue('billing-v2')
  await expect(needs.getByLabel('Variants of billing-v2')).toHaveText('on')
  await needs.getByRole('button', { name: 'and another flag' }).click()
  await needs.getByLabel('Flag that is needed').last().fill('nowhere')
  await expect(needs).toContainText('There is no flag “nowhere”.')
  await publish(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Keep editing' }).click()
  await expect(needs.getByRole('alert')).toContainText('name a variant that it has to serve')
  await expect(needs.getByLabel('Flag that is needed').last()).toHaveValue('nowhere')

  await needs.getByLabel('Flag that is needed').last().fill('circle')
  await needs.getByLabel('Variants of circle').click()
  await page.getByRole('option', { name: 'off' }).click()
  await page.keyboard.press('Escape')
  await publish(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Keep editing' }).click()
  await expect(needs.getByRole('alert')).toContainText('would need itself through its prerequisites')
  await needs.getByRole('button', { name: 'No longer need circle' }).click()
  await publish(page)
  await expect(page.getByText('Published 1 change to Production')).toBeVisible()
  const { body } = await product.api('GET', PATH('dependant'))
  expect(body.prerequisites).toEqual([{ flag: 'billing-v2', variants: ['on'] }])
})

test('what was typed stays, with what is wrong with it, through a reload, a lost connection and an ended session', async ({
  product,
  signedIn: page,
}) => {
  const seats = { attribute: 'seats', op: 'gte', values: [5] }
  await openFlag(page, product, 'mistyped', { id: 'r', when: seats, serve: { variant: 'on' } })
  await page.getByLabel('Values of seats').fill('a few')
  await page.keyboard.press('Tab')
  await expect(rule(page, 1).getByRole('alert')).toBeVisible()
  await page.reload()
  await expect(page.getByLabel('Values of seats')).toHaveValue('a few')
  await expect(rule(page, 1).getByRole('alert')).toBeVisible()

  await page.getByLabel('Values of seats').fill('7')
  await page.getByRole('radio', { name: 'JSON' }).click()
  const text = page.getByLabel('Targeting as JSON')
  await text.fill('{ "on": tru')
  await page.getByRole('radio', { name: 'Sentences' }).click()
  await page.reload()
  await expect(text).toHaveValue('{ "on": tru')
  await expect(page.getByText(/This is not JSON yet/)).toBeVisible()
  await page.getByRole('radio', { name: 'Sentences' }).click()

  await page.context().setOffline(true)
  await publish(page)
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByRole('alert')).toContainText('Nothing is lost')
  await page.context().setOffline(false)
  const cookies = await page.context().cookies()
  await page.context().clearCookies()
  await sheet.getByRole('button', { name: 'Publish to Production' }).click()
  const signedOut = page.getByRole('dialog', { name: 'You are signed out' })
  await expect(signedOut).toBeVisible()
  await page.context().addCookies(cookies)
  await page.keyboard.press('Escape')
  await expect(signedOut).toBeHidden()
  await sheet.getByRole('button', { name: 'Publish to Production' }).click()
  await expect(page.getByText('Published 1 change to Production')).toBeVisible()
  const { body } = await product.api('GET', PATH('mistyped'))
  expect(body.rules[0].when).toEqual({ ...seats, values: [7] })
})
