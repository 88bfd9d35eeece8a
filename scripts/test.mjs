import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareExamples } from './examples.mjs'
import { ROOT, ready, say } from './prepare.mjs'
import { installPrograms } from './programs.mjs'
import { REFERENCE_DATA, suitesWithoutData } from './reference-data.mjs'
import { ofPlaywright, ofTool, ofVitest } from './test-report.mjs'

/** Everything, in one run: format, lint, types, structure, unit, whatever needs Postgres, and the browser. */

/** Runs a tool to its end; whether it succeeded. */
function attempt(name, args, env = {}) {
  say(`\n== ${name}`)
  const { status } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  return status === 0
}

await ready({ providers: true })
await prepareExamples()
installPrograms()

const results = mkdtempSync(join(tmpdir(), 'jackstaff-results-'))
const report = (name) => join(results, `${name}.json`)

/**
 * Two files at a time. `folders`: all, unless some are named. `again`: whether a test that failed is run once more,
 * as those that start, kill and time real processes may be on a busy machine; the end of the run names them.
 */
const vitest = (name, { project = name, folders = [], again = false } = {}) =>
  attempt(name, [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...folders.map((folder) => `tests/${folder}/`),
    `--project=${project}`,
    ...(again ? ['--retry=1'] : []),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report(name)}`,
  ])

const TOGETHER = ['conformance', 'deploy', 'docs', 'examples', 'frameworks', 'integration', 'package']
/** What kills, freezes and crowds whole servers comes apart from the rest: it makes a machine busy. */
const APART = ['faults']

const format = attempt('format and lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '.'])
const types = attempt('types', ['node_modules/typescript/bin/tsc', '--noEmit'])
const unit = vitest('unit')
const integration = vitest('integration', { folders: TOGETHER, again: true })
const faults = vitest('faults', { project: 'integration', folders: APART, again: true })
const browser = attempt(
  'browser',
  ['node_modules/@playwright/test/cli.js', 'test', '--retries=1', '--reporter=list,json'],
  { PLAYWRIGHT_JSON_OUTPUT_NAME: report('browser') },
)

/** A run that failed though none of its tests did has failed by an error outside of them, which its log shows. */
const outside = (succeeded, summary) =>
  succeeded || summary.failed > 0 ? [summary] : [summary, ofTool('an error outside of the tests', false)]

const summaries = [
  ofTool('format and lint', format),
  ofTool('types', types),
  ...outside(unit, ofVitest('unit', report('unit'))),
  ...outside(integration, ofVitest('integration', report('integration'))),
  ...outside(faults, ofVitest('faults', report('faults'))),
  ...outside(browser, ofPlaywright('browser', report('browser'))),
]
rmSync(results, { recursive: true, force: true })

const leftOut = suitesWithoutData()
for (const suite of leftOut)
  say(`skipped: ${suite}: it reads public documents from ${REFERENCE_DATA}, which is not here`)
for (const test of summaries.flatMap(({ repeated }) => repeated)) say(`passed when run again: ${test}`)
for (const test of summaries.flatMap(({ failures }) => failures)) say(`failed: ${test}`)

const sum = (name) => summaries.reduce((total, summary) => total + summary[name], 0)
say(`\ntests: ${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped') + leftOut.length} skipped`)
process.exit(sum('failed') === 0 ? 0 : 1)
