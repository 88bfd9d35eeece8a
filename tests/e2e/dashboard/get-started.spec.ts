import { JackstaffProvider } from '@jackstaff/openfeature-server'
import { OpenFeature } from '@openfeature/server-sdk'
import type { BrowserContext } from '@playwright/test'
import { personOf } from '../../support/people'
import { expect, type Product, setUp, test } from '../fixtures'

// A product of its own: nobody has used its set-up link yet.
test.use({ settings: { TZ: 'UTC' } })

const ask = (product: Product, flag: string, key: string) =>
  fetch(`${product.url}/ofrep/v1/evaluate/flags/${flag}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ context: { targetingKey: 'ana' } }),
  })

async function signIn(product: Product, context: BrowserContext) {
  const { cookie } = await personOf(product, 'admin')
  const [name = '', value = ''] = cookie.split('=')
  await context.addCookies([{ name, value, url: product.url }])
}

test('a fresh installation leads from its first flag to an app that follows the switch', async ({
  product,
  page,
}) => {
  await setUp(page, product)
  await expect(page).toHaveURL(/\/projects\/sample\/get-started$/)
  await page.getByLabel('Name').fill('New checkout')
  await page.getByRole('button', { name: 'Create flag' }).click()

  await page.getByRole('button', { name: 'Make a server key and put it in' }).click()
  const code = page.getByRole('figure', { name: 'Node.js example' })
  await expect(code).toContainText(/jks_srv_[0-9a-f]{12}_/)
  await expect(page.getByRole('tab')).toHaveText([
    'Node.js',
    'React',
    'Next.js',
    'Browser',
    'Python',
    'Go',
    'curl',
  ])
  const key = /jks_srv_\w{12,}/.exec(await code.innerText())![0]
  expect(await code.innerText()).toContain(`url: '${product.url}'`)
  const arrived = page.getByRole('status', { name: 'What has arrived' })
  await expect(arrived).toContainText('Waiting for an app to connect to Development')

  await OpenFeature.setProviderAndWait(new JackstaffProvider({ url: product.url, key }))
  const client = OpenFeature.getClient()
  const value = () => client.getBooleanValue('new-checkout', true, { targetingKey: 'ana' })
  try {
    await expect(arrived).toContainText(/openfeature-server\/\S+ is connected/)
    expect(await value()).toBe(false)
    await expect(arrived).toContainText(/new-checkout = false, \d+ s ago, by openfeature-server/, {
      timeout: 20_000,
    })
    await expect(page.getByRole('link', { name: 'Get started' })).toBeHidden()

    await page.getByRole('switch', { name: 'new-checkout in Development' }).click()
    await expect(page.getByText('1 of 1')).toBeVisible()
    await expect(page.getByText(/in\s*0\.\d\d s/)).toBeVisible()
    await expect.poll(value).toBe(true)
  } finally {
    await OpenFeature.close()
  }
})

test('after a while it says what the server did see', async ({ product, page, context }) => {
  await signIn(product, context)
  await product.api('POST', '/projects', { key: 'harbour', name: 'Harbour' })
  await product.api('POST', '/projects/harbour/flags', { key: 'awaited', name: 'Awaited', type: 'boolean' })
  await page.clock.install()
  const open = async () => {
    await page.goto(`${product.url}/projects/harbour/get-started?flag=awaited&environment=staging`)
    await expect(page.getByText('Waiting for an app to connect to Staging')).toBeVisible()
    // What the server sent is there before the page counts its seconds.
    await expect(async () => {
      await page.clock.fastForward(31_000)
      await expect(page.getByText('Nothing has reached Jackstaff yet')).toBeVisible({ timeout: 1_000 })
    }).toPass({ timeout: 20_000 })
  }
  await open()

  await ask(product, 'awaited', 'jks_srv_cut_short')
  await expect(page.getByText('A key was refused: it was cut short or mistyped')).toBeVisible()

  const made = await product.api('POST', '/projects/harbour/environments/staging/keys', {
    kind: 'server',
    name: 'App',
  })
  await ask(product, 'awaitd', made.body.key)
  await ask(product, 'awaited', made.body.key)
  await expect(page.getByRole('status', { name: 'What has arrived' })).toContainText('awaited = false', {
    timeout: 20_000,
  })
  await page.goto(`${product.url}/projects/harbour/connections?environment=staging`)
  const missing = page.getByRole('region', { name: 'Asked for, but not there' })
  await expect(missing).toContainText('awaitd')
  await missing.getByRole('link', { name: 'Create this flag' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create flag' })
  await expect(dialog.getByLabel('Key')).toHaveValue('awaitd')
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('Awaitd')
})
