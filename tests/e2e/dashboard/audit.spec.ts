import { readFileSync } from 'node:fs'
import { expect, test } from '../fixtures'

test('the audit list is narrowed down in the address, shows what differs and where it came from, and is exported', async ({
  product,
  signedIn: page,
}) => {
  const { api, url } = product
  await api('POST', '/projects/sample/flags', { key: 'audited', name: 'Audited', type: 'boolean' })
  await api('PATCH', '/projects/sample/flags/audited', { name: 'Audited well' }, { 'if-match': '*' })
  await api('PUT', '/projects/sample/flags/audited/environments/staging/kill', { reason: 'a drill' })
  const refused = await fetch(`${url}/api/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ token: 'nothing' }),
  })
  expect(refused.status).toBe(403)

  await page.goto(`${url}/projects/sample/audit`)
  const entries = page.getByRole('list', { name: 'Audit entries, newest first' }).getByRole('listitem')
  await expect(entries.first()).toContainText('“a drill”')

  await page.getByRole('combobox', { name: 'Action' }).click()
  await page.getByRole('option', { name: 'Flags' }).click()
  await page.waitForURL('**/audit?action=flag.')
  await page.getByRole('combobox', { name: 'Environment' }).click()
  await page.getByRole('option', { name: 'Staging' }).click()
  await expect(entries).toHaveCount(1)
  await page.reload()
  await expect(entries).toHaveCount(1)

  await page.goto(`${url}/projects/sample/audit?q=audited%20w`)
  await expect(page.getByText('No entry matches')).toBeVisible()
  await page.getByRole('link', { name: 'Clear all filters' }).click()
  await entries.first().getByRole('link', { name: 'flag:audited' }).click()
  await expect(entries).toHaveCount(3)
  await entries.nth(1).getByRole('button', { name: 'Details' }).click()
  await expect(entries.nth(1)).toContainText('+   "name": "Audited well"')
  await expect(entries.nth(1)).toContainText('token svc_bootstrap')

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^audit-sample-\d{4}-\d\d-\d\d\.ndjson$/)
  const lines = readFileSync(await download.path(), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.slice(0, -1).map(({ action }) => action)).toEqual(['flag.create', 'flag.update', 'flag.kill'])
  expect(lines.at(-1)).toMatchObject({ end: true, entries: 3 })

  await page.getByRole('link', { name: 'Audit of the installation' }).click()
  await expect(entries.first()).toContainText('Could not sign in')
  await page.getByRole('combobox', { name: 'Whose entries' }).click()
  await page.getByRole('option', { name: 'Everything, with all projects' }).click()
  await expect(entries.filter({ hasText: 'Killed' }).first()).toContainText('sample')
})
