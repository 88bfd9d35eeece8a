import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'
import { suitesWithoutData } from './scripts/reference-data.mjs'

const root = fileURLToPath(new URL('.', import.meta.url))
const suite = (name: string, include: string[], extra: object = {}) => ({
  extends: true as const,
  test: { name, include, exclude: [...configDefaults.exclude, ...suitesWithoutData()], ...extra },
})

export default defineConfig({
  resolve: { alias: { '@': root } },
  test: {
    maxWorkers: 2,
    projects: [
      suite(
        'unit',
        ['{lib,db,providers,app}/**/*.test.{ts,tsx}', 'tests/{structure,asvs,supply-chain}.test.ts'],
        {
          testTimeout: 30_000, // properties and the module cruise take seconds on a busy machine
          hookTimeout: 30_000,
        },
      ),
      suite(
        'integration',
        [
          'tests/{integration,conformance,package,faults,examples,frameworks,docs,deploy,image,soak}/**/*.test.ts',
        ],
        {
          globalSetup: ['tests/support/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      ),
    ],
  },
})
