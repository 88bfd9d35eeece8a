import { expect, test } from '../fixtures'

const FLAGS = '/projects/sample/flags'
const pro = {
  id: 'pro',
  when: { attribute: 'plan', op: 'is_one_of', values: ['pro'] },
  serve: { variant: 'on' },
}
const serving = (rules: object[] = []) => ({
  on: true,
  offVariant: 'off',
  rules,
  fallthrough: { variant: 'off' },
})
const any = { 'if-match': '*' }

test('flags that differ are promoted as one change, and who is overtaken loses nothing', async ({
  product: { api, url },
  signedIn: page,
}) => {
  const put = (flag: string, environment: string, body: object) =>
    api('PUT', `${FLAGS}/${flag}/environments/${environment}`, body, any)
  const served = async (flag: string) => (await api('GET', `${FLAGS}/${flag}/environments/production`)).body
  for (const key of ['fares', 'seats', 'alike']) await api('POST', FLAGS, { key, name: key, type: 'boolean' })
  for (const environment of ['staging', 'production'])
    await put('alike', environment, serving([{ ...pro, id: environment }]))
  await put('fares', 'staging', serving([pro]))
  await put('seats', 'staging', serving())

  await page.goto(`${url}/projects/sample/environments`)
  await page.getByRole('link', { name: 'Compare and promote' }).click()
  const row = (flag: string) => page.getByRole('listitem').filter({ has: page.getByLabel(`Choose ${flag}`) })
  await expect(row('fares')).toContainText('Rule 1 added: If plan is pro → serve on')
  await expect(row('alike'), 'the ids of its rules are all that differs').toBeHidden()

  await page.keyboard.press('j')
  await page.getByLabel('Choose fares').focus()
  await page.keyboard.press('Space')
  await page.getByLabel('Choose seats').check()
  await page.getByRole('button', { name: 'Promote Staging to Production…' }).click()
  const sheet = page.getByRole('dialog', { name: 'Promote 2 flags to Production' })
  await expect(sheet.getByRole('region', { name: 'fares' })).toContainText('Turned on')
  const impact = sheet.getByRole('region', { name: 'fares' }).getByRole('region', { name: 'Impact' })
  await expect(impact).toContainText('Only adds people to on')
  await expect(impact).toContainText('Whoever: plan is pro')

  await put('seats', 'production', { ...serving(), offVariant: 'on' })
  await sheet.getByRole('button', { name: 'Publish to Production' }).click()
  await expect(page.getByText('Someone published seats in Production meanwhile')).toBeVisible()
  expect((await served('fares')).on, 'all or none').toBe(false)
  await expect(row('seats')).toContainText('When off, serves off (was on)')
  await expect(page.getByText('2 flags chosen')).toBeVisible()

  await page.getByRole('button', { name: 'Promote Staging to Production…' }).click()
  await sheet.getByLabel('Comment').fill('Ready for everyone')
  await sheet.getByRole('button', { name: 'Publish to Production' }).click()
  await expect(page.getByText('Promoted 2 flags to Production')).toBeVisible()
  await expect(page.getByLabel('Choose fares')).toBeHidden()
  expect((await served('fares')).rules).toEqual([pro])
  expect((await served('seats')).offVariant).toBe('off')
  const { body } = await api('GET', '/projects/sample/environments/production/versions?limit=1')
  expect(body.items[0]).toMatchObject({ action: 'changes.publish', reason: 'Ready for everyone' })

  await page.getByText('All flags', { exact: true }).click()
  await expect(row('alike')).toContainText('The same in both')
})
