import type { Page } from '@playwright/test'
import { expect, openShop, type Shop, test } from './fixtures'

// The main job, end to end: from a switch in the dashboard to an app that follows.

const KILL_WITHIN_MS = 1_000

const crowd = async (shop: Shop) => (await (await fetch(`${shop.url}/crowd.json`)).json()) as boolean[]
const shareOf = (visitors: readonly boolean[]) => (100 * visitors.filter(Boolean).length) / visitors.length

/** What the server renders for a visitor now. */
async function rendered(shop: Shop, visitor: string): Promise<string | undefined> {
  const page = await (await fetch(shop.url, { headers: { cookie: `visitor=${visitor}` } })).text()
  return /id="checkout-kind" data-new="(true|false)"/.exec(page)?.[1]
}

/** Epoch milliseconds at which an open tab first shows the off variant. */
function whenTabTurns(tab: Page): Promise<number> {
  return tab.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const kind = document.getElementById('checkout-kind')!
        new MutationObserver(() => {
          if (kind.dataset.new === 'false') resolve(Date.now())
        }).observe(kind, { attributes: true })
      }),
  )
}

async function whenServerTurns(shop: Shop, visitor: string): Promise<number> {
  for (let tries = 0; tries < 500; tries++) if ((await rendered(shop, visitor)) === 'false') return Date.now()
  throw new Error('the server-rendered page never turned')
}

test('a flag goes from the dashboard to a shop, by percentage, and is killed everywhere in under a second', async ({
  product,
  signedIn: page,
  browser,
}) => {
  test.setTimeout(120_000)
  const shop = await openShop(product, 'sample')

  await test.step('create a flag', async () => {
    await page.goto(`${product.url}/projects/sample/flags`)
    await page.getByRole('button', { name: 'Create flag' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('New checkout')
    await expect(dialog.getByLabel('Key')).toHaveValue('new-checkout')
    await dialog.getByRole('switch', { name: 'Available to browsers' }).click()
    await dialog.getByRole('button', { name: 'Create flag' }).click()
    await page.waitForURL('**/flags/new-checkout**')
  })

  await test.step('roll it out to 25 % in production', async () => {
    await page.getByRole('link', { name: /Production/ }).click()
    await page.getByRole('button', { name: 'to a percentage' }).click()
    await page.getByLabel('Percentage').first().fill('25')
    await page.getByRole('button', { name: /Review/ }).click()
    const sheet = page.getByRole('dialog', { name: /Review/ })
    await expect(sheet).toContainText('25 %')
    await sheet.getByLabel('Comment').fill('A quarter first')
    await sheet.getByRole('button', { name: /Publish/ }).click()
    await expect(sheet).toBeHidden()
    expect(shareOf(await crowd(shop))).toBe(0)
    await page.getByRole('switch', { name: 'new-checkout in Production' }).click()
    await page.getByRole('button', { name: 'Turn on' }).click()
  })

  await test.step('the shop follows', async () => {
    await expect.poll(async () => shareOf(await crowd(shop))).toBeGreaterThan(20)
    expect(shareOf(await crowd(shop))).toBeLessThan(30)
  })

  const visitor = `visitor-${(await crowd(shop)).indexOf(true)}`
  const visits = await browser.newContext()
  await visits.addCookies([{ name: 'visitor', value: visitor, url: shop.url }])
  const tab = await visits.newPage()
  await tab.goto(shop.url)
  await expect(tab.locator('#status')).toContainText('Live')
  await expect(tab.locator('#checkout-kind')).toHaveAttribute('data-new', 'true')
  expect(await rendered(shop, visitor)).toBe('true')

  await test.step('kill it', async () => {
    const tabTurns = whenTabTurns(tab)
    await page.getByRole('button', { name: /^Kill/ }).click()
    await page.getByLabel('Why').fill('Payments fail')
    const sent = page.waitForRequest((request) => request.url().endsWith('/kill')).then(() => Date.now())
    await page.getByRole('button', { name: 'Hold to kill' }).hover()
    await page.mouse.down()
    const killedAt = await sent
    const serverTurned = await whenServerTurns(shop, visitor)
    const tabTurned = await tabTurns
    await page.mouse.up()
    const times = { tab: tabTurned - killedAt, server: serverTurned - killedAt }
    test.info().annotations.push({ type: 'kill', description: JSON.stringify(times) })
    console.log(`kill: the open tab turned after ${times.tab} ms, the server's page after ${times.server} ms`)
    expect(times.tab).toBeLessThan(KILL_WITHIN_MS)
    expect(times.server).toBeLessThan(KILL_WITHIN_MS)
  })

  await test.step('the dashboard says how far it got, and restores it', async () => {
    await expect(page.getByText('Reached', { exact: true }).locator('..')).toHaveText(
      /2 of 2connected SDKsin\d\.\d\d s/,
    )
    await page.getByRole('button', { name: 'Restore' }).first().click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Restore/ })
      .click()
    await expect(tab.locator('#checkout-kind')).toHaveAttribute('data-new', 'true')
  })

  await test.step('the history names who did what, and why', async () => {
    await page.getByRole('link', { name: 'History' }).click()
    const history = page.getByRole('list', { name: /Changes in Production/ })
    await expect(history).toContainText('Payments fail')
    await expect(history).toContainText('A quarter first')
    await expect(history).toContainText('Ana')
  })

  await visits.close()
  await shop.end()
})
