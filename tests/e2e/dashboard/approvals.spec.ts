import { personOf } from '../../support/people'
import { expect, test } from '../fixtures'

const ENVIRONMENT = '/projects/sample/environments/staging'

test('a change to a protected environment is proposed, approved by somebody else, and published by name', async ({
  product,
  signedIn: page,
  browser,
}) => {
  const { api, url } = product
  await api('POST', '/projects/sample/flags', { key: 'guarded', name: 'Guarded', type: 'boolean' })
  await page.goto(`${url}/projects/sample/environments`)
  await page
    .getByRole('row', { name: /Staging/ })
    .getByRole('button', { name: 'Protection…' })
    .click()
  const protection = page.getByRole('dialog', { name: 'Protection of Staging' })
  await protection.getByRole('switch', { name: 'Protected' }).click()
  await protection.getByRole('button', { name: 'Add a freeze' }).click()
  await protection.getByRole('button', { name: 'Take freeze 1 away' }).click()
  await protection.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('row', { name: /Staging/ })).toContainText(
    '1 approval, named by whoever publishes',
  )

  await page.goto(`${url}/projects/sample/flags/guarded?environment=staging`)
  await page.getByRole('switch', { name: 'guarded in Staging' }).click()
  const turning = page.getByRole('dialog', { name: 'Turn on in Staging?' })
  await expect(turning).toContainText('1 other person has to approve this first')
  await turning.getByRole('button', { name: 'Ask for approval' }).click()
  await expect(turning).toBeHidden()

  await page.getByRole('link', { name: 'Approvals' }).click()
  const mine = page.getByRole('article').filter({ hasText: 'guarded' })
  await expect(mine).toContainText('0 of 1 approval')
  await expect(mine).toContainText('Turned on')
  await expect(mine.getByRole('region', { name: 'Impact' })).toContainText(/Only adds people to on.*100\s%/)
  await expect(mine.getByRole('button', { name: 'Approve…' })).toBeHidden()

  const { cookie } = await personOf(product, 'publisher')
  const context = await browser.newContext()
  const [name = '', value = ''] = cookie.split('=')
  await context.addCookies([{ name, value, url }])
  const other = await context.newPage()
  await other.goto(`${url}/projects/sample/approvals`)
  const change = other.getByRole('article', { name: 'Change by Ana' })
  await change.getByRole('button', { name: 'Approve…' }).click()
  const approving = other.getByRole('dialog', { name: 'Approve exactly this?' })
  await approving.getByLabel('Comment').fill('Looks right')
  await approving.getByRole('button', { name: 'Approve' }).click()
  await expect(other.getByRole('article').filter({ hasText: 'guarded' })).toContainText('1 of 1 approval')
  await context.close()

  await page.reload()
  await expect(mine).toContainText('“Looks right”')
  await mine.getByRole('button', { name: 'Publish…' }).click()
  const publishing = page.getByRole('dialog', { name: 'Publish to Staging?' })
  await publishing.getByLabel('Type staging to publish to it').fill('staging')
  await publishing.getByRole('button', { name: 'Publish' }).click()
  await expect(publishing).toBeHidden()
  await expect(mine).toBeHidden()
  expect((await api('GET', '/projects/sample/flags/guarded/environments/staging')).body.on).toBe(true)
  await api('PATCH', ENVIRONMENT, { protected: false })
})

test('a change is scheduled from the review, and waits under Approvals', async ({
  product,
  signedIn: page,
}) => {
  const { api, url } = product
  await api('POST', '/projects/sample/flags', { key: 'later', name: 'Later', type: 'boolean' })
  await page.goto(`${url}/projects/sample/flags/later?environment=staging`)
  await page.getByRole('switch', { name: 'later in Staging' }).click()
  const turning = page.getByRole('dialog', { name: 'Turn on in Staging?' })
  await turning.getByText('Schedule', { exact: true }).click()
  await expect(turning.getByRole('button', { name: 'Schedule' })).toBeDisabled()
  await turning.getByLabel('When').fill('2099-01-31T09:00')
  await turning.getByRole('button', { name: 'Schedule' }).click()
  await expect(turning).toBeHidden()
  await page.getByRole('link', { name: 'Approvals' }).click()
  const card = page.getByRole('article').filter({ hasText: 'later' })
  await expect(card).toContainText('Scheduled')
  await page.emulateMedia({ colorScheme: 'dark' })
  await card.getByRole('button', { name: 'Withdraw' }).click()
  const withdrawing = page.getByRole('dialog', { name: 'Withdraw this change?' })
  await withdrawing.getByRole('button', { name: 'Withdraw' }).click()
  await expect(withdrawing).toBeHidden()
  await expect(card).toBeHidden()
})
