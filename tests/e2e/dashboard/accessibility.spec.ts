import { readdirSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, type Product, test } from '../fixtures'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe has against what is shown: all of it in light, and the colours in dark as well. */
async function problemsOf(page: Page, { popup = false } = {}): Promise<string[]> {
  const found = new Set<string>()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // The guards send the focus on at once; a popup stands outside landmarks, at the end of the page.
    const axe = new AxeBuilder({ page }).exclude('[data-base-ui-focus-guard]').setLegacyMode() // no page has frames
    const { violations } = await (colorScheme === 'light'
      ? axe.withTags(RULES).disableRules(popup ? ['region'] : [])
      : axe.withRules('color-contrast')
    ).analyze()
    for (const { id, nodes } of violations)
      for (const { target, failureSummary } of nodes)
        found.add(`${id}, ${colorScheme}: ${target.join(' ')}: ${failureSummary?.split('\n')[1]?.trim()}`)
  }
  return [...found]
}

const pro = { attribute: 'plan', op: 'is_one_of', values: ['pro'] }
const rollout = (share: number) => ({
  rollout: { share, split: [{ variant: 'on', weight: 100_000 }], rest: { variant: 'off' } },
})

/** Something to see on every page. */
async function furnish({ api }: Product): Promise<{ webhook: string; stream: string }> {
  await api('POST', '/projects/sample/flags', {
    key: 'fares',
    name: 'Fares',
    type: 'boolean',
    tags: ['beta'],
  })
  await api('POST', '/projects/sample/segments', { key: 'insiders', name: 'Insiders' })
  const targeting = {
    on: true,
    offVariant: 'off',
    rules: [
      { id: 'pro', name: 'Pro first', when: { all: [pro, { segment: 'insiders' }] }, serve: rollout(25_000) },
      {
        id: 'sale',
        disabled: true,
        comment: 'Again after the sale',
        when: { all: [pro, { not: { any: [pro, { segment: 'insiders' }] } }] },
        serve: { variant: 'on' },
        until: '2099-12-24T18:00:00+01:00',
      },
    ],
    fallthrough: { variant: 'off' },
  }
  const at = '/projects/sample/flags/fares/environments'
  const published = await api('PUT', `${at}/staging`, targeting, { 'if-match': '*' })
  expect(published.status, JSON.stringify(published.body)).toBe(200)
  await api('PUT', `${at}/development/kill`, { reason: 'It is broken' })
  const change = { op: 'targeting', ifMatch: '1', input: { flag: 'fares', ...targeting } }
  await api('POST', '/projects/sample/environments/production/changes', {
    mode: 'propose',
    changes: [change],
  })
  const hook = { name: 'Chat', url: 'https://hooks.example.com/1', events: ['flag.*'] }
  const webhook = await api('POST', '/projects/sample/webhooks', hook)
  const stream = await api('POST', '/webhooks', { name: hook.name, url: hook.url })
  expect(stream.status, JSON.stringify(stream.body)).toBe(201)
  return { webhook: webhook.body.id, stream: stream.body.id }
}

/** An address of every page; a page that is in none of them makes the test fail. */
const addressesOf = ({ webhook, stream }: { webhook: string; stream: string }): Record<string, string[]> => ({
  '/projects': [''],
  '/projects/[project]/approvals': [''],
  '/projects/[project]/audit': [''],
  '/projects/[project]/connections': [''],
  '/projects/[project]/environments': [''],
  '/projects/[project]/environments/compare': ['', '?all=yes', '?q=none'],
  '/projects/[project]/flags': ['', '?q=none', '?archived=yes'],
  '/projects/[project]/flags/[flag]': [
    '?environment=staging',
    '?environment=development',
    '?tab=insights&environment=staging',
    '?tab=history&environment=staging',
    '?tab=settings',
    '?tab=code',
  ],
  '/projects/[project]/get-started': [''],
  '/projects/[project]/members': [''],
  '/projects/[project]/segments': [''],
  '/projects/[project]/segments/[segment]': [''],
  '/projects/[project]/webhooks': [''],
  '/projects/[project]/webhooks/[webhook]': [webhook],
  '/settings': [''],
  '/settings/audit': [''],
  '/settings/audit-stream': [''],
  '/settings/audit-stream/[webhook]': [stream],
  '/settings/groups': [''],
  '/settings/members': [''],
  '/settings/my-tokens': [''],
  '/settings/roles': [''],
  '/settings/sessions': [''],
  '/settings/sso': [''],
  '/settings/sso/[connection]': ['new'],
  '/settings/sso/tests/[test]': ['none'],
  '/settings/tokens': [''],
})

const names: Record<string, string> = { '[project]': 'sample', '[flag]': 'fares', '[segment]': 'insiders' }

const pages = () =>
  readdirSync('app/(dashboard)', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('/page.tsx'))
    .map((file) => `/${file.replace('/page.tsx', '')}`)
    .sort()

let made: Awaited<ReturnType<typeof furnish>>
// The project that is furnished comes with the admin.
test.beforeAll(async ({ product, admin: _ }) => {
  made = await furnish(product)
})

test('every page is free of what axe can find, in light and in dark', async ({
  product: { url },
  signedIn: page,
}) => {
  test.setTimeout(240_000)
  const addresses = addressesOf(made)
  expect(Object.keys(addresses).sort()).toEqual(pages())
  for (const [route, ends] of Object.entries(addresses)) {
    const path = route.replace(/\[\w+\]/g, (part) => names[part] ?? '')
    for (const end of ends) {
      await page.goto(`${url}${path}${end}`)
      await expect(page.locator('main [role="status"][aria-label]'), 'it loads').toHaveCount(0)
      expect.soft(await problemsOf(page), `${path}${end}`).toEqual([])
    }
  }
})

test('the states that one works in are so too', async ({ product: { url }, signedIn: page }) => {
  test.setTimeout(120_000)
  const inDialog = async (what: string) => {
    await expect(page.getByRole('dialog')).toBeVisible()
    expect.soft(await problemsOf(page), what).toEqual([])
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toBeHidden()
  }
  await page.goto(`${url}/projects/sample/flags`)
  await page.getByRole('button', { name: 'Create flag' }).click()
  await inDialog('create a flag')
  await page.keyboard.press('?')
  await inDialog('keyboard shortcuts')
  await page.keyboard.press('Control+k')
  await inDialog('palette')
  await page.getByLabel('Select Fares').click()
  await expect(page.getByRole('region', { name: 'Selected flags' })).toBeVisible()
  expect.soft(await problemsOf(page), 'a flag that is selected').toEqual([])
  await page.getByRole('button', { name: 'Owner…' }).click()
  await inDialog('many flags')
  await page.getByRole('button', { name: 'Actions for Fares' }).click()
  await expect(page.getByRole('menuitem', { name: 'Archive…' })).toBeVisible()
  expect.soft(await problemsOf(page, { popup: true }), 'the menu of a flag').toEqual([])
  await page.keyboard.press('Escape')

  await page.goto(`${url}/projects/sample/flags/fares?environment=staging`)
  await page.getByRole('button', { name: 'Kill…' }).click()
  await inDialog('kill')
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByRole('button', { name: 'Add rule' }).click()
  expect.soft(await problemsOf(page), 'a draft with a blank rule').toEqual([])
  await page.getByRole('button', { name: 'Review changes' }).click()
  await inDialog('review')
  await page.getByText('JSON', { exact: true }).click()
  expect.soft(await problemsOf(page), 'a draft as JSON').toEqual([])

  await page.goto(`${url}/projects/sample/environments/compare`)
  await page.getByLabel('Choose Fares').check()
  await page.getByRole('button', { name: 'Promote Staging to Production…' }).click()
  await inDialog('promote')
})

test('what one sees before signing in, and where there is nothing, is so too', async ({
  product: { url, api, setUpLink },
  browser,
}) => {
  test.setTimeout(120_000)
  const context = await browser.newContext()
  const page = await context.newPage()
  const invited = await api('POST', '/people', { name: 'Lou', email: 'lou@example.com' })
  expect(invited.status, JSON.stringify(invited.body)).toBe(201)
  const link = String(invited.body.link ?? invited.body.signInLink)
  const addresses = {
    'sign in': '/sign-in',
    'a sign-in link': new URL(link).pathname + new URL(link).search,
    'a link that is none': '/sign-in?token=none',
    'set up without a link': '/setup',
    'set up once more': new URL(setUpLink).pathname + new URL(setUpLink).search,
    'the design system, which is not for production': '/design',
    nothing: '/no/such/page',
  }
  for (const [what, path] of Object.entries(addresses)) {
    await page.goto(url + path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect.soft(await problemsOf(page), what).toEqual([])
  }
  expect((await page.request.get(`${url}/design`)).status()).toBe(404)
  await page.goto(`${url}${addresses['a link that is none']}`)
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('heading', { name: 'This link did not sign you in' })).toBeVisible()
  expect.soft(await problemsOf(page), 'a link that was refused').toEqual([])
  await context.close()
})

test('a page that could not be made is so too', async ({ product: { url }, signedIn: page }) => {
  await page.goto(`${url}/projects/sample/flags?cursor=none`)
  await expect(page.getByRole('heading', { name: 'This page could not be shown' })).toBeVisible()
  expect(await problemsOf(page)).toEqual([])
})

test('dialogs are so too, with what is wrong in them', async ({ product: { url }, signedIn: page }) => {
  test.setTimeout(120_000)
  const dialogs: [path: string, open: string, submit?: string][] = [
    ['/projects/sample/environments', 'Create environment', 'Create environment'],
    ['/projects/sample/connections', 'Create key', 'Create key'],
    ['/projects/sample/webhooks', 'Create webhook', 'Create webhook'],
    ['/settings/members', 'Invite', 'Invite'],
    ['/settings/roles', 'Create role', 'Create role'],
    ['/settings/my-tokens', 'Create token', 'Create token'],
    ['/projects/sample/approvals', 'Reject…'],
  ]
  for (const [path, open, submit] of dialogs) {
    await page.goto(url + path)
    const dialog = page.getByRole('dialog')
    await expect(async () => {
      await page.getByRole('button', { name: open, exact: true }).first().click()
      await expect(dialog).toBeVisible({ timeout: 2_000 })
    }).toPass()
    if (submit) {
      await dialog.getByRole('button', { name: submit, exact: true }).click()
      await expect(dialog.getByRole('alert').first()).toBeVisible()
    }
    expect.soft(await problemsOf(page), `${path}: ${open}`).toEqual([])
  }
})

test('a flag is created, rolled out to a share and published by keyboard alone', async ({
  product: { api, url },
  signedIn: page,
}) => {
  const { keyboard } = page
  /** Walks with Tab until something of this name has the focus. */
  const tabTo = async (name: RegExp | string) => {
    for (let steps = 0; steps < 80; steps++) {
      await keyboard.press('Tab')
      const said = await page.evaluate(() => {
        const element = document.activeElement as HTMLInputElement
        return (
          element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? ''
        )
      })
      if (typeof name === 'string' ? said.trim() === name : name.test(said)) return
    }
    throw new Error(`Tab never came to ${name}`)
  }
  await page.goto(`${url}/projects/sample/flags`)
  await expect(page.getByRole('button', { name: 'Create flag' })).toBeVisible()
  await expect(async () => {
    await keyboard.press('c') // nothing hears it before the page has come to life
    await expect(page.getByRole('dialog', { name: 'Create flag' })).toBeVisible({ timeout: 1_000 })
  }).toPass()
  await keyboard.press('Control+a')
  await keyboard.type('Quiet carriage')
  await keyboard.press('Enter')
  await page.waitForURL('**/flags/quiet-carriage**')
  await page.goto(`${url}/projects/sample/flags/quiet-carriage?environment=staging`)
  await tabTo('Add rule')
  await keyboard.press('Enter')
  await tabTo('Attribute')
  await keyboard.type('plan')
  await tabTo('Values of plan')
  await keyboard.type('pro')
  await keyboard.press('Enter')
  await tabTo(/to a percentage/)
  await keyboard.press('Enter')
  await tabTo('Percentage')
  await keyboard.type('25')
  await tabTo('Review changes')
  await keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Review changes in Staging' })).toBeVisible()
  await tabTo('Publish to Staging')
  await keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Review changes in Staging' })).toBeHidden()
  await expect(page.getByRole('status').filter({ hasText: /Reached|No SDK is connected/ })).toBeVisible()
  const { body } = await api('GET', '/projects/sample/flags/quiet-carriage/environments/staging')
  expect(body.rules).toMatchObject([{ when: pro, serve: { rollout: { share: 25_000 } } }])
})
