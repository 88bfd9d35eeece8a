import { defineConfig } from '@playwright/test'
import base from '../../playwright.config'

/** `npm run screenshots`: every screen, in light and dark, on a desktop and on a phone. No test: somebody looks at them. */
export default defineConfig(base, { testDir: '.', testMatch: '*.shots.ts', timeout: 300_000 })
