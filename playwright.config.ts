import { defineConfig } from '@playwright/test'
import { chromiumOptions } from './tests/support/chromium'

export default defineConfig({
  testDir: 'tests/e2e',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  reporter: 'list',
  outputDir: 'test-results',
  use: {
    actionTimeout: 10_000,
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: chromiumOptions,
  },
})
