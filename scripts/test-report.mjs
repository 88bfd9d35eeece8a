import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { ROOT } from './prepare.mjs'

const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null)
const firstLine = (text = '') => text.split('\n', 1)[0]
const nothing = (name) => ({
  passed: 0,
  failed: 1,
  skipped: 0,
  failures: [`${name}: wrote no report`],
  repeated: [],
})

/** A run that has no report but its exit code. */
export const ofTool = (name, succeeded) => ({
  passed: 0,
  failed: Number(!succeeded),
  skipped: 0,
  failures: succeeded ? [] : [name],
  repeated: [],
})

/**
 * What Vitest reported: how many tests passed, failed and were skipped; a line for each that failed, and for each that
 * passed when it was run again.
 */
export function ofVitest(name, file) {
  const report = read(file)
  if (!report) return nothing(name)
  const tests = report.testResults.flatMap(({ name: path, assertionResults }) =>
    assertionResults.map(({ status, fullName, failureMessages }) => ({
      status,
      errors: failureMessages,
      line: `${relative(ROOT, path)} > ${fullName}: ${firstLine(failureMessages[0])}`,
    })),
  )
  const failed = tests.filter(({ status }) => status === 'failed')
  const broken = report.testResults.filter(
    (suite) => suite.status === 'failed' && !suite.assertionResults.some(({ status }) => status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: failed.length + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: [
      ...failed.map(({ line }) => line),
      ...broken.map((suite) => `${relative(ROOT, suite.name)}: ${firstLine(suite.message)}`),
    ],
    repeated: tests
      .filter(({ status, errors }) => status === 'passed' && errors.length > 0)
      .map(({ line }) => line),
  }
}

/** The same of what Playwright reported. */
export function ofPlaywright(name, file) {
  const report = read(file)
  if (!report) return nothing(name)
  const { expected, unexpected, flaky, skipped } = report.stats
  const specs = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)]
  const lines = (status) =>
    report.suites
      .flatMap(specs)
      .filter(({ tests }) => tests.some((test) => test.status === status))
      .map((spec) => `${spec.file} > ${spec.title}`)
  return {
    passed: expected + flaky,
    failed: unexpected + report.errors.length,
    skipped,
    failures: [...lines('unexpected'), ...report.errors.map(({ message }) => firstLine(message))],
    repeated: lines('flaky'),
  }
}
