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
