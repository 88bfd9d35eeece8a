import { expect, test } from '../fixtures'

test('the palette finds flags and pages, kills, and does what can be done', async ({
  product: { api, url },
  signedIn: page,
}) => {
  for (const key of ['night-trains', 'night-buses'])
    await api('POST', '/projects/sample/flags', { key, name: key.replace('-', ' '), type: 'boolean' })
  await page.goto(`${url}/projects/sample/flags?q=night`) // other files may have made more than one page of them
  await expect(page.getByRole('link', { name: 'night trains' })).toBeVisible()
  const palette = page.getByRole('dialog', { name: 'Find or do something' })
  const ask = async (text: string, choice: string) => {
    await expect(async () => {
      await page.keyboard.press('Control+k') // nothing hears it before the page has come to life
      await expect(palette).toBeVisible({ timeout: 1_000 })
    }).toPass()
    await palette.getByRole('combobox').fill(text)
    await expect(palette.getByRole('option', { name: choice })).toHaveAttribute('data-highlighted')
    await page.keyboard.press('Enter')
    await expect(palette).toBeHidden()
  }

  await ask('night-tr', 'night trains')
  await page.waitForURL('**/flags/night-trains')
  await ask('flag stag', 'This flag in Staging')
  await page.waitForURL('**/flags/night-trains?environment=staging')
  await expect(page.getByRole('heading', { name: 'night trains' })).toBeVisible() // else it was never looked at
  await ask('comp', 'Compare and promote')
  await page.waitForURL('**/environments/compare')
  await ask('', 'night trains')
  await page.waitForURL('**/flags/night-trains')

  await ask('dark', 'Switch to the dark theme')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await ask('creat', 'Create a flag')
  const creating = page.getByRole('dialog', { name: 'Create flag' })
  await creating.getByLabel('Name', { exact: true }).fill('Early boarding')
  await expect(creating.getByLabel('Key', { exact: true })).toHaveValue('early-boarding')
  await page.keyboard.press('Escape')
  await ask('invit', 'Invite somebody')
  await expect(page.getByRole('dialog', { name: 'Invite somebody' })).toBeVisible()
  await page.keyboard.press('Escape')

  await api('POST', '/projects/sample/flags', { key: 'a-night-trains', name: 'Another', type: 'boolean' })
  await page.goto(`${url}/projects/sample/flags/night-trains`)
  await page.getByRole('button', { name: 'Find or do' }).click()
  await palette.getByRole('combobox').fill('kill')
  await palette.getByRole('option', { name: 'Kill this flag…' }).click()
  await expect(palette.getByRole('option').first()).toContainText('Kill night trains in Production…')
  await expect(palette.getByRole('option', { name: 'Another' })).toHaveCount(0)
  await page.keyboard.press('Escape')

  await page.goto(`${url}/projects/sample/segments`)
  await page.getByRole('button', { name: 'Find or do' }).click()
  await palette.getByRole('combobox').fill('nothing of this name')
  await expect(palette.getByRole('status')).toHaveText('Nothing is called “nothing of this name”.')
  await palette.getByRole('combobox').fill('kill night-b')
  await palette.getByRole('option', { name: 'Kill night buses in Production…' }).click()
  const killing = page.getByRole('dialog', { name: 'Kill night-buses in Production' })
  await killing.getByLabel('Why').fill('Wrong timetable')
  await killing.getByRole('button', { name: 'Hold to kill' }).click({ delay: 1_000 })
  await page.waitForURL('**/flags/night-buses?environment=production')
  await expect(page.getByText('Wrong timetable')).toBeVisible()
})
