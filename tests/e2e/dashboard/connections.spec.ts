import { expect, test } from '../fixtures'

test('what browsers may compare is marked, published everywhere and kept from leaking through a key of rules', async ({
  product,
  signedIn: page,
}) => {
  await product.api('POST', '/projects/sample/flags', {
    key: 'shown',
    name: 'Shown',
    type: 'boolean',
    browser: true,
  })
  const targeting = '/projects/sample/flags/shown/environments/development'
  const { headers } = await product.api('GET', targeting)
  const email = { attribute: 'email', op: 'ends_with', values: ['@example.com'] }
  await product.api(
    'PUT',
    targeting,
    {
      on: true,
      offVariant: 'off',
      rules: [{ id: 'r', when: email, serve: { variant: 'on' } }],
      fallthrough: { variant: 'off' },
    },
    { 'if-match': headers.get('etag')! },
  )
  await page.goto(`${product.url}/projects/sample/connections?environment=development`)

  await page.getByRole('button', { name: 'Create key' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Rules for the CDN')
  await dialog.getByRole('radio', { name: 'Client' }).click()
  await dialog.getByRole('radio', { name: 'Rules' }).click()
  await dialog.getByRole('button', { name: 'Create key' }).click()
  await expect(dialog).toContainText('what the private attribute "email" is compared to')
  await dialog.getByRole('radio', { name: 'Answers' }).click()
  await dialog.getByRole('button', { name: 'Create key' }).click()
  await expect(page.getByRole('cell', { name: 'Client, public: answers' })).toBeVisible()

  const section = page.getByRole('region', { name: 'What browsers may compare' })
  await section.getByLabel('Public attributes').fill('email, plan')
  await page.keyboard.press('Enter')
  await section.getByLabel('Private all the same').fill('plan.price')
  await page.keyboard.press('Enter')
  await section.getByRole('button', { name: 'Publish to every environment' }).click()
  await expect(page.getByText('Published to every environment')).toBeVisible()
  await page.reload()
  await expect(section.getByText('plan.price', { exact: true })).toBeVisible()
  const { body } = await product.api('GET', '/projects/sample/attributes')
  expect(body.attributes).toEqual({ email: 'public', plan: 'public', 'plan.price': 'private' })
})

test('a key is rotated while the old one works on, and names the pages that may use it', async ({
  product,
  signedIn: page,
}) => {
  const keys = '/projects/sample/environments/staging/keys'
  const { body: old } = await product.api('POST', keys, { kind: 'client', name: 'Shop pages' })
  await page.goto(`${product.url}/projects/sample/connections?environment=staging`)
  const act = async (action: string) => {
    await page.getByRole('button', { name: 'Actions for Shop pages' }).last().click()
    await page.getByRole('menuitem', { name: action }).click()
  }
  await act('Edit name and origins…')
  const editing = page.getByRole('dialog', { name: 'Edit Shop pages' })
  await editing.getByLabel('Origins of pages').fill('https://shop.example.com/cart')
  await page.keyboard.press('Enter')
  await editing.getByRole('button', { name: 'Save' }).click()
  await expect(editing.getByRole('alert')).toContainText('no path, no wildcard')
  await editing.getByRole('button', { name: 'Remove https://shop.example.com/cart' }).click()
  await editing.getByLabel('Origins of pages').fill('https://shop.example.com')
  await editing.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('pages of https://shop.example.com')).toBeVisible()

  await act('Rotate…')
  const rotating = page.getByRole('dialog', { name: 'Rotate Shop pages' })
  await expect(rotating).toContainText('Both work until then.')
  await rotating.getByRole('button', { name: 'Make the new key' }).click()
  const made = page.getByRole('region', { name: 'New key' })
  await expect(made).toContainText('jks_cli_')
  await expect(
    page.getByRole('row', { name: /Shop pages/ }).filter({ hasText: 'Replaced, ends' }),
  ).toBeVisible()
  const status = async (key: string, origin: string) =>
    (
      await fetch(`${product.url}/config/residual?key=${key}`, {
        method: 'POST',
        body: '{}',
        headers: { origin },
      })
    ).status
  const key = /jks_cli_\w+/.exec(await made.innerText())![0]
  expect(await status(old.key, 'https://shop.example.com')).toBe(200)
  expect(await status(key, 'https://shop.example.com')).toBe(200)
  expect(await status(key, 'https://elsewhere.example.com')).toBe(403)
})

test('who is connected is shown while they are, and who was turned away', async ({
  product,
  signedIn: page,
}) => {
  const keys = '/projects/sample/environments/production/keys'
  const { body } = await product.api('POST', keys, { kind: 'server', name: 'Back end' })
  await page.goto(`${product.url}/projects/sample/connections?environment=production`)
  await expect(page.getByRole('heading', { name: 'Nobody is connected to Production' })).toBeVisible()
  const leave = new AbortController()
  const headers = { authorization: `Bearer ${body.key}`, 'jackstaff-client': 'openfeature-server/1.2.3' }
  await fetch(`${product.url}/config/stream`, { headers, signal: leave.signal })
  const row = page.getByRole('row', { name: /openfeature-server\/1\.2\.3/ })
  await expect(row).toContainText('1 stream', { timeout: 20_000 })
  await expect(row).toContainText('the newest')
  leave.abort()
  await fetch(`${product.url}/config`, { headers: { ...headers, origin: 'https://leaky.example.com' } })
  await expect(row).toBeHidden({ timeout: 20_000 })
  await expect(page.getByRole('region', { name: 'Turned away' })).toContainText(
    'from a browser with a server key',
    {
      timeout: 20_000,
    },
  )
})
