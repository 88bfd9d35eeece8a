import { appendFileSync } from 'node:fs'
import { relative } from 'node:path'
import { expect } from 'vitest'
import type rows from './trust-rows.json'

/** A row of docs/reliability-report.md: a guarantee, or a fault that is injected. */
export type Row = keyof typeof rows

/**
 * A figure that a suite has measured, for the report that `npm run faults` writes; nothing elsewhere.
 *
 * @example figure('postgres-killed', 'acknowledged writes lost in 100 rounds', 0)
 */
export function figure(row: Row, name: string, value: number, unit = ''): void {
  const file = process.env.FAULTS_REPORT
  if (!file) return
  const suite = relative(process.cwd(), expect.getState().testPath!)
  appendFileSync(file, `${JSON.stringify({ row, name, value: Math.round(value * 10) / 10, unit, suite })}\n`)
}
