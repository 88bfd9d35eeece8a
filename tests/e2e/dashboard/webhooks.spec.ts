import { Webhook } from 'standardwebhooks'
import { startReceiver } from '../../support/receiver'
import { expect, test } from '../fixtures'

test.use({ settings: { JACKSTAFF_WEBHOOK_ALLOW: '127.0.0.1' } })

test('a webhook is created, tested, told of a kill, replayed, rotated and deleted', async ({
  product,
  signedIn: page,
}) => {
  const receiver = await startReceiver()
  await page.goto(`${product.url}/projects/sample/flags`)
  await page.getByRole('navigation', { name: 'Project' }).getByRole('link', { name: 'Webhooks' }).click()
  await expect(page.getByText('Nobody is told yet')).toBeVisible()

  await page.getByRole('button', { name: 'Create webhook' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Release log')
  await dialog.getByLabel('Address').fill('https://169.254.169.254/latest')
  await dialog.getByRole('radio', { name: 'Some' }).first().click()
  await dialog.getByLabel('Actions').fill('kill.*')
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Create webhook' }).click()
  await expect(dialog.getByRole('alert')).toContainText('169.254.169.254 is no public address')
  await dialog.getByLabel('Address').fill(`${receiver.url}/log`)
  await dialog.getByRole('button', { name: 'Create webhook' }).click()

  const shown = page.getByRole('region', { name: 'New secret' })
  const secret = await shown.getByText(/^whsec_/).innerText()
  await shown.getByRole('button', { name: 'Done' }).click()
  await page.reload()
  await expect(page.getByText(secret)).toBeHidden()

  await page.getByRole('link', { name: 'Release log' }).click()
  await expect(page.getByText('Nothing was sent yet')).toBeVisible()
  await page.getByRole('button', { name: 'Send a test' }).click()
  await expect(page.getByRole('row', { name: /webhook\.test.*delivered.*204/ })).toBeVisible()

  const kill = '/projects/sample/flags/new-banner/environments/production/kill'
  await product.api('POST', '/projects/sample/flags', { key: 'new-banner', name: 'Banner', type: 'boolean' })
  receiver.answerWith('/log', 500, {}, 'the log is full')
  await product.api('PUT', kill, { reason: 'it broke' })
  const [, told] = await receiver.come('/log', 2)
  new Webhook(secret).verify(told!.body, told!.headers as Record<string, string>)
  await page.reload()
  const failed = page.getByRole('row', { name: /flag\.kill/ })
  await expect(failed).toContainText('waiting')
  await expect(failed).toContainText('the log is full')
  receiver.answerWith('/log', 204)
  await expect(failed).toContainText('delivered') // five seconds later, without a reload
  await failed.getByRole('button', { name: /^Replay/ }).click()
  await expect(page.getByRole('row', { name: /flag\.kill again.*delivered/ })).toBeVisible()

  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Rotate secret…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate secret' }).click()
  await expect(page.getByRole('region', { name: 'New secret' }).getByText(/^whsec_/)).not.toHaveText(secret)
  await expect(page.getByText('Two secrets sign')).toBeVisible()

  await page.getByRole('button', { name: 'Edit…' }).click()
  await page.getByRole('dialog').getByRole('switch', { name: 'On' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('This webhook is off')).toBeVisible()

  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete webhook' }).click()
  await expect(page.getByText('Nobody is told yet')).toBeVisible()
  await receiver.close()
})
