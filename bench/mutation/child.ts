import { pathToFileURL } from 'node:url'
import { startTests, type Test, type VitestRunner } from '@vitest/runner' // what vitest itself runs tests with

/** What a process of tests says of itself: after every test, after every file, and once at the end if one fails. */
export type Message =
  | { readonly kind: 'step' }
  | { readonly kind: 'file' }
  | { readonly kind: 'failed'; readonly test: string }

const LONGEST_TEST_MS = 600_000 // the process is ended from outside long before

function say(message: Message): Promise<void> {
  return new Promise((resolve) => process.send!(message, undefined, undefined, () => resolve()))
}

async function failed(test: string): Promise<never> {
  await say({ kind: 'failed', test })
  process.exit(1)
}

const runner: VitestRunner = {
  config: {
    root: process.cwd(),
    setupFiles: [],
    name: undefined,
    passWithNoTests: false,
    testNamePattern: undefined,
    allowOnly: false,
    sequence: { seed: 0, hooks: 'stack', setupFiles: 'list' },
    chaiConfig: undefined,
    maxConcurrency: 1,
    testTimeout: LONGEST_TEST_MS,
    hookTimeout: LONGEST_TEST_MS,
    retry: 0,
    includeTaskLocation: false,
    tags: [],
    tagsFilter: undefined,
    strictTags: false,
  },
  importFile: (file) => import(pathToFileURL(file).href),
  onAfterRunTask: (test: Test) =>
    test.result?.state === 'fail' ? failed(test.fullTestName) : void say({ kind: 'step' }),
}

for (const file of process.argv.slice(2)) {
  const [result] = await startTests([file], runner)
  if (result?.result?.state !== 'pass') await failed(`${file}: ${result?.result?.errors?.[0]?.message}`)
  await say({ kind: 'file' })
}
process.exit(0)
