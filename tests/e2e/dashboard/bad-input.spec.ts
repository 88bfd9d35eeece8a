import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures'

const LONG = 'x'.repeat(201)

type Form = {
  name: string
  path: string
  /** The button that opens it, where the page is not the form itself. */
  open?: string
  /** Before it can be filled in. */
  prepare?: (page: Page) => Promise<unknown>
  typed: Record<string, string>
  submit: string
  /** What is said at which field. */
  said: Record<string, RegExp>
}

const sample = '/projects/sample'

const forms: Form[] = [
  {
    name: 'a project',
    path: '/projects',
    open: 'Create project',
    typed: { Name: 'Trains', Key: 'no spaces' },
    submit: 'Create project',
    said: { Key: /letters|digits/ },
  },
  {
    name: 'an environment',
    path: `${sample}/environments`,
    open: 'Create environment',
    typed: { Name: LONG, Key: '-' },
    submit: 'Create environment',
    said: { Name: /200/, Key: /letter|digit/ },
  },
  {
    name: 'a flag',
    path: `${sample}/flags`,
    open: 'Create flag',
    prepare: async (page) => {
      await page.getByRole('textbox', { name: 'Tags' }).fill('y'.repeat(51))
      await page.keyboard.press('Enter')
    },
    typed: { Name: 'Night trains', Key: '__proto__', 'Description (optional)': 'Kept' },
    submit: 'Create flag',
    said: { Key: /./, Tags: /50/ },
  },
  {
    name: 'a segment',
    path: `${sample}/segments`,
    open: 'Create segment',
    typed: { Name: 'Insiders', Key: 'a b' },
    submit: 'Create segment',
    said: { Key: /letters|digits/ },
  },
  {
    name: 'a key',
    path: `${sample}/connections`,
    open: 'Create key',
    typed: { Name: LONG },
    submit: 'Create key',
    said: { Name: /\d/ },
  },
  {
    name: 'a webhook',
    path: `${sample}/webhooks`,
    open: 'Create webhook',
    typed: { Name: '', Address: 'ftp://example.com' },
    submit: 'Create webhook',
    said: { Name: /./, Address: /http/ },
  },
  {
    name: 'an invitation',
    path: '/settings/members',
    open: 'Invite',
    typed: { Name: 'Rio', 'E-mail': 'nobody' },
    submit: 'Invite',
    said: { 'E-mail': /e-?mail/i },
  },
  {
    name: 'a group',
    path: '/settings/groups',
    open: 'Create group',
    typed: { Name: LONG },
    submit: 'Create group',
    said: { Name: /200/ },
  },
  {
    name: 'a role',
    path: '/settings/roles',
    open: 'Create role',
    typed: { Name: LONG },
    submit: 'Create role',
    said: { Name: /\d/ },
  },
  {
    name: 'a service token',
    path: '/settings/tokens',
    open: 'Create token',
    typed: { Name: '' },
    submit: 'Create token',
    said: { Name: /./ },
  },
  {
    name: 'a personal token',
    path: '/settings/my-tokens',
    open: 'Create token',
    typed: { Name: LONG },
    submit: 'Create token',
    said: { Name: /\d/ },
  },
  {
    name: 'a provider',
    path: '/settings/sso/new',
    typed: { Name: 'Work', Key: 'UPPER case' },
    submit: 'Add provider',
    said: { Key: /./ },
  },
  {
    name: 'a freeze',
    path: `${sample}/environments`,
    prepare: async (page) => {
      await page
        .getByRole('row', { name: /Staging/ })
        .getByRole('button', { name: 'Protection…' })
        .click()
      await page.getByRole('switch', { name: 'Protected' }).click()
      await page.getByRole('button', { name: 'Add a freeze' }).click()
    },
    typed: { From: '2027-01-02T00:00', Until: '2027-01-01T00:00', Because: 'Sales' },
    submit: 'Save',
    said: { Until: /./ },
  },
  {
    name: 'the settings of a flag',
    path: `${sample}/flags/tracks?tab=settings`,
    typed: { Name: '', 'Owner (optional)': LONG },
    submit: 'Save settings',
    said: { Name: /./, 'Owner (optional)': /\d/ },
  },
]

test.beforeAll(async ({ product, admin: _ }) => {
  await product.api('POST', '/projects/sample/flags', { key: 'tracks', name: 'Tracks', type: 'boolean' })
})

/** Opens a form and fills it in, in the dialog where there is one. */
async function fillIn(page: Page, url: string, { path, open, prepare, typed }: Form) {
  await page.goto(url + path)
  if (open) {
    await expect(async () => {
      if (await page.getByRole('dialog').isHidden())
        await page.getByRole('button', { name: open, exact: true }).first().click()
      await expect(page.getByRole('dialog')).toBeVisible({ timeout: 2_000 })
    }).toPass()
  }
  await prepare?.(page)
  const form = page.locator('form').last()
  for (const [label, text] of Object.entries(typed)) await form.getByLabel(label, { exact: true }).fill(text)
  return form
}

for (const form of forms)
  test(`${form.name}: what is wrong stands at its field, in words, and what was typed is kept`, async ({
    product: { url },
    signedIn: page,
  }) => {
    const filled = await fillIn(page, url, form)
    await filled.getByRole('button', { name: form.submit, exact: true }).click()
    for (const [label, words] of Object.entries(form.said)) {
      const field = filled.getByLabel(label, { exact: true }).first()
      const near = field.locator('xpath=ancestor::div[.//*[@role="alert"]][1]').getByRole('alert').first()
      await expect(near, label).toHaveText(words)
    }
    for (const [label, text] of Object.entries(form.typed))
      await expect(filled.getByLabel(label, { exact: true }), label).toHaveValue(text)
  })

test('without a connection, and after the session has ended, nothing that was typed is lost', async ({
  product: { url },
  signedIn: page,
}) => {
  const form = forms.find(({ name }) => name === 'a segment')!
  const filled = await fillIn(page, url, { ...form, typed: { Name: 'Early birds' } })
  const send = () => filled.getByRole('button', { name: form.submit, exact: true }).click()
  await page.route('**/api/v1/**', (route) => route.abort())
  await send()
  await expect(filled.getByRole('alert')).toContainText('Nothing is lost')
  await page.unroute('**/api/v1/**')

  const cookies = await page.context().cookies()
  await page.context().clearCookies()
  await send()
  const asked = page.getByRole('dialog', { name: 'You are signed out' })
  await expect(asked).toBeVisible()
  await page.context().addCookies(cookies)
  await asked.getByRole('button', { name: 'I have signed in' }).click()
  await expect(filled.getByLabel('Name', { exact: true })).toHaveValue('Early birds')
  await send()
  await page.waitForURL('**/segments/early-birds')
})
