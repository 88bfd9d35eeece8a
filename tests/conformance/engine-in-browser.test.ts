import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from '@playwright/test'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type * as Engine from '../../lib/evaluation/index'
import type { Resolution } from '../../lib/evaluation/index'
import type * as Regex from '../../lib/regex'
import { chromiumOptions } from '../support/chromium'
import { loadVectors, type Vectors } from '../support/vectors'

const ANY_TIME = '2026-01-01T00:00:00Z'

let browser: Browser
let bundle: string

beforeAll(async () => {
  const resolveDir = fileURLToPath(new URL('../../lib', import.meta.url))
  const contents = "export * from './evaluation'; export { loadRegex } from './regex'"
  const [built] = await Promise.all([
    build({
      stdin: { contents, resolveDir },
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'engine',
    }),
    chromium.launch(chromiumOptions).then((launched) => {
      browser = launched
    }),
  ])
  bundle = built.outputFiles[0]!.text
})

afterAll(() => browser.close())

it('answers every vector in a browser page as it does in Node', async () => {
  const vectors = loadVectors()
  const page = await browser.newPage()
  await page.addScriptTag({ content: bundle })
  const answers = await page.evaluate(evaluateAll, [JSON.stringify(vectors), ANY_TIME] as const)

  const cases = vectors.flatMap(({ file, cases }) => cases.map((vector) => ({ file, ...vector })))
  expect(answers.length).toBe(cases.length)
  expect(answers.length).toBeGreaterThan(600)
  const compared = answers.map((answer, i) => {
    const { file, description, expect } = cases[i]!
    const { errorMessage, flagMetadata, ...rest } = answer
    return { file, description, ...rest, ...(expect.flagMetadata && { flagMetadata }) }
  })
  expect(compared).toEqual(cases.map(({ file, description, expect }) => ({ file, description, ...expect })))
})

/** Runs in the page, so it sees nothing but its argument and the bundle. */
async function evaluateAll([json, anyTime]: readonly [string, string]): Promise<Resolution<unknown>[]> {
  const bundle = globalThis as unknown as { engine: typeof Engine & typeof Regex }
  const { loadRegex, parseConfig, resolve } = bundle.engine
  await loadRegex()
  return (JSON.parse(json) as Vectors[]).flatMap(({ config, cases }) => {
    const parsed = parseConfig(config)
    if (!parsed.ok) throw new Error(parsed.error)
    return cases.map(({ flag, type, default: fallback, context, now }) =>
      resolve<unknown>(parsed.config, flag, type, fallback, context, Date.parse(now ?? anyTime)),
    )
  })
}
