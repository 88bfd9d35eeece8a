import { withSql } from '../../support/people'
import { expect, test } from '../fixtures'

test('insights show what came out, when, for whom and why, beside what was published', async ({
  product,
  signedIn: page,
}) => {
  const { api, url } = product
  const flag = { key: 'watched', name: 'Watched', type: 'boolean', offVariant: 'off' }
  await api('POST', '/projects/sample/flags', flag)
  const path = '/projects/sample/flags/watched/environments/production'
  const chunks: string[] = []
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) chunks.push(response.url())
  })
  await page.goto(`${url}/projects/sample/flags/watched?environment=production`)
  await page.getByRole('navigation', { name: 'Flag' }).getByRole('link', { name: 'Insights' }).hover()
  const drawn = async () => {
    const texts = await Promise.all(chunks.map(async (chunk) => (await fetch(chunk)).text()))
    return texts.some((text) => text.includes('recharts-'))
  }
  await page.waitForLoadState('networkidle')
  expect(await drawn(), 'the chart is not loaded for whoever does not look at it').toBe(false)
  await page.getByRole('navigation', { name: 'Flag' }).getByRole('link', { name: 'Insights' }).click()
  await expect(
    page.getByRole('heading', { name: 'No application has asked for this flag in Production yet' }),
  ).toBeVisible()

  await withSql(product, async (sql) => {
    const [production] = await sql`select id from environment where key = 'production'`
    const add = (minutes: number, variant: string, reason: string, errorCode: string, count: number) =>
      sql`insert into evaluation_count
        (environment_id, minute, flag, variant, reason, error_code, browser, client, count)
        values (${production!.id}, date_trunc('minute', now()) - make_interval(mins => ${minutes}), 'watched',
          ${variant}, ${reason}, ${errorCode}, false, 'openfeature-server/0.1.0', ${count})`
    for (let minute = 1; minute < 50; minute++)
      await add(minute, 'on', 'TARGETING_MATCH', '', 10 + (minute % 7))
    await add(5, 'off', 'DEFAULT', '', 40)
    await add(6, '', 'ERROR', 'TYPE_MISMATCH', 3)
  })
  await api('PUT', `${path}/kill`, { reason: 'Errors' })
  await page.reload()
  await page.getByRole('radio', { name: 'Hour' }).click()
  await expect(page).toHaveURL(/range=hour/)
  const chart = page.getByRole('region', { name: 'Evaluations by variant' })
  await expect(chart.locator('.recharts-bar-rectangle').first()).toBeAttached()
  await expect(chart.getByRole('row', { name: /^on/ })).toContainText('%')
  await expect(chart.getByRole('region', { name: 'Published meanwhile' })).toContainText('Bootstrap: Killed')
  await expect(
    page.getByText('Something was wrong').or(page.getByText('Error: the code asks for another type')),
  ).toBeVisible()
  await expect(page.getByRole('region', { name: 'By application and SDK' })).toContainText(
    'openfeature-server/0.1.0',
  )
  await chart.getByRole('button', { name: 'Show as a table' }).click()
  const table = page.getByRole('table', { name: /Evaluations over time/ })
  await expect(table.getByRole('columnheader')).toHaveText(['From', 'on', 'off', 'default in the code'])
  await expect(table.getByRole('cell', { name: '40', exact: true })).toBeVisible()

  await page.goto(`${url}/projects/sample/flags`)
  const row = page.getByRole('row', { name: /Watched/ })
  await expect(row).toContainText('now')
  await page.getByRole('searchbox').fill('stale:yes')
  await expect(page.getByRole('heading', { name: 'Nothing needs attention' })).toBeVisible()
})
