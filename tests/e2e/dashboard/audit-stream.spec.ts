import { startReceiver } from '../../support/receiver'
import { verify } from '../../support/webhooks'
import { expect, test } from '../fixtures'

test.use({ settings: { JACKSTAFF_WEBHOOK_ALLOW: '127.0.0.1' } })

test('the audit trail is sent to an archive, which is added, tested and removed in the settings', async ({
  product,
  signedIn: page,
}) => {
  const receiver = await startReceiver()
  await page.goto(`${product.url}/settings/audit`)
  await page.getByRole('link', { name: 'Audit stream' }).click()
  await expect(page.getByText('The audit trail stays here')).toBeVisible()

  await page.getByRole('button', { name: 'Add endpoint' }).first().click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Environments')).toBeHidden()
  await dialog.getByLabel('Name').fill('Archive')
  await dialog.getByLabel('Address').fill('http://10.0.0.1/audit')
  await dialog.getByRole('button', { name: 'Add endpoint' }).click()
  await expect(dialog.getByText(/10\.0\.0\.1 is no public address/)).toBeVisible()
  await dialog.getByLabel('Address').fill(`${receiver.url}/audit`)
  await dialog.getByRole('button', { name: 'Add endpoint' }).click()
  const secret = await page
    .getByRole('region', { name: 'New secret' })
    .getByText(/^whsec_/)
    .innerText()

  await product.api('POST', '/projects', { key: 'books', name: 'Books' })
  const told = await receiver.come('/audit', 2)
  for (const one of told) verify(secret, one)
  expect(told.map(({ json }) => json.data.action)).toEqual(['webhook.create', 'project.create'])

  await page.getByRole('link', { name: 'Archive' }).click()
  await expect(page.getByText('Every audit entry, in order')).toBeVisible()
  await page.getByRole('button', { name: 'Send a test' }).click()
  await expect(page.getByRole('row', { name: /webhook\.test.*delivered/ })).toBeVisible()

  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete endpoint' }).click()
  await expect(page.getByText('The audit trail stays here')).toBeVisible()
  await receiver.close()
})
