import { expect, test } from '../fixtures'

test('the API is read beside the dashboard: from a token to a route, its fields and its types', async ({
  product,
  signedIn: page,
}) => {
  await page.goto(`${product.url}/settings/my-tokens`)
  await page.getByRole('link', { name: 'API reference' }).click()
  await expect(page.getByRole('heading', { name: 'API', exact: true })).toBeVisible()
  await page.getByRole('link', { name: /Put targeting/ }).click()

  const route = page.getByRole('region', { name: 'Put targeting' })
  await expect(route).toBeInViewport()
  await expect(route.getByText('flag:publish')).toBeVisible()
  await expect(route.getByText('-X PUT')).toContainText('If-Match')
  await route.getByRole('link', { name: 'RuleInput' }).click()
  const rule = page.locator('#type-RuleInput')
  await expect(rule).toBeInViewport()
  await expect(rule.getByRole('link', { name: 'ConditionInput' })).toBeVisible()

  const answer = await page.request.get(`${product.url}/api/v1/openapi.json`)
  expect(((await answer.json()) as { openapi: string }).openapi).toBe('3.1.0')
  expect((await page.goto(`${product.url}/docs/api/nothing`))?.status()).toBe(404)
})
