import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { prepareExamples } from './examples.mjs'
import { ROOT, ready, run, say } from './prepare.mjs'
import { REFERENCE_DATA, suitesWithoutData } from './reference-data.mjs'

/** Everything, in one run: format, lint, types, structure, unit, whatever needs Postgres, and the browser. */

const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const LIBRARIES = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'

/** Programs that tests run for real, and the Debian packages they come in. */
const PROGRAMS = {
  '/usr/bin/redis-server': ['redis-server'],
  '/usr/sbin/nginx': ['nginx'],
  '/usr/lib/nginx/modules/ngx_nchan_module.so': ['libnginx-mod-nchan'],
  '/usr/sbin/haproxy': ['haproxy'],
  '/usr/bin/pushpin': ['pushpin', 'condure', 'zurl'],
  '/usr/sbin/ip': ['iproute2'],
  '/usr/sbin/nft': ['nftables'],
  [`/usr/lib/${LIBRARIES}/faketime/libfaketime.so.1`]: ['libfaketime'],
}

/** Installs from Debian what is missing, and says so. */
function installPrograms() {
  const browser = [process.env.CHROMIUM_PATH, ...BROWSERS].find((path) => path && existsSync(path))
  const missing = Object.entries(PROGRAMS).flatMap(([path, packages]) => (existsSync(path) ? [] : packages))
  const packages = [...new Set([...(browser ? [] : ['chromium']), ...missing])]
  process.env.CHROMIUM_PATH = browser ?? BROWSERS[0]
  if (packages.length === 0) return
  say(`Installing from Debian (apt-get), for tests that run them: ${packages.join(', ')}.`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  run('apt-get', ['update', '-qq'], { env })
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env })
}

function attempt(name, args, env = {}) {
  say(`\n== ${name}`)
  const { status } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  return status === 0
}

const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null)

function vitestCounts(report) {
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** What failed, one line a test, so that the end of a long log tells it. */
function vitestFailures(name, report) {
  if (!report) return [`${name}: no report was written`]
  return report.testResults.flatMap((file) => {
    const path = relative(ROOT, file.name)
    const tests = file.assertionResults.filter((test) => test.status === 'failed')
    if (tests.length === 0) return file.status === 'failed' ? [`${path}: ${firstLine(file.message)}`] : []
    return tests.map((test) => `${path} > ${test.fullName}: ${firstLine(test.failureMessages[0])}`)
  })
}

const firstLine = (text = '') => text.split('\n', 1)[0]

function playwrightFailures(report) {
  if (!report) return ['browser: no report was written']
  const specs = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)]
  const failed = report.suites.flatMap(specs).filter((spec) => !spec.ok)
  return [
    ...failed.map((spec) => `${spec.file} > ${spec.title}`),
    ...report.errors.map((error) => error.message),
  ]
}

function playwrightCounts(report) {
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  const { expected, unexpected, flaky, skipped } = report.stats
  return { passed: expected + flaky, failed: unexpected + report.errors.length, skipped }
}

await ready({ providers: true })
await prepareExamples()
installPrograms()

const results = mkdtempSync(join(tmpdir(), 'jackstaff-results-'))
const report = (name) => join(results, `${name}.json`)

/** `folders`: all, unless some are named. `one`: a file at a time. */
const vitest = (name, { project = name, folders = [], one = false } = {}) =>
  attempt(name, [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...folders.map((folder) => `tests/${folder}/`),
    `--project=${project}`,
    ...(one ? ['--no-file-parallelism'] : []),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report(name)}`,
  ])

const TOGETHER = ['conformance', 'docs', 'integration', 'package']
/** What kills, freezes and crowds whole servers, or runs the tools of others, needs the machine to itself. */
const ALONE = ['deploy', 'examples', 'faults', 'frameworks']

const steps = {
  format: attempt('format and lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']),
  types: attempt('types', ['node_modules/typescript/bin/tsc', '--noEmit']),
  unit: vitest('unit'),
  integration: vitest('integration', { folders: TOGETHER }),
  faults: vitest('faults, deployments and frameworks', { project: 'integration', folders: ALONE, one: true }),
  browser: attempt('browser', ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: report('browser'),
  }),
}
const VITEST = ['unit', 'integration', 'faults, deployments and frameworks']
const counts = [
  { passed: 0, failed: Number(!steps.format) + Number(!steps.types), skipped: 0 },
  ...VITEST.map((name) => vitestCounts(read(report(name)))),
  playwrightCounts(read(report('browser'))),
]
const failures = [
  ...(steps.format ? [] : ['format and lint']),
  ...(steps.types ? [] : ['types']),
  ...VITEST.flatMap((name) => vitestFailures(name, read(report(name)))),
  ...playwrightFailures(read(report('browser'))),
]
rmSync(results, { recursive: true, force: true })

const leftOut = suitesWithoutData()
for (const suite of leftOut)
  say(`skipped: ${suite}: it reads public documents from ${REFERENCE_DATA}, which is not here`)
counts.push({ passed: 0, failed: 0, skipped: leftOut.length })

const sum = (name) => counts.reduce((total, count) => total + count[name], 0)
for (const failure of failures) say(`failed: ${failure}`)
say(`\ntests: ${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
process.exit(sum('failed') === 0 && Object.values(steps).every(Boolean) ? 0 : 1)
