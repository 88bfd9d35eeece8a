import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { ROOT, ready, say } from './prepare.mjs'

/**
 * The long form of the fault suites, and docs/reliability-report.md with what they measured. `FAULT_SHARE=0.1` runs a tenth of
 * its rounds; the report says so. Names of suites as arguments run these alone, and write a report where `FAULTS_REPORT` names a file
 * that keeps the figures of several runs.
 */

const REPORT = 'docs/reliability-report.md'
const SUITES = [
  'lib/evaluation/properties.test.ts',
  'providers/sync/faults.test.ts',
  'tests/integration/audit-chain.test.ts',
  'tests/faults/',
  'tests/deploy/nginx.test.ts',
]

await ready({ providers: true })
const named = process.argv.slice(2)
const share = Number(process.env.FAULT_SHARE ?? 1)
const folder = mkdtempSync(join(tmpdir(), 'jackstaff-faults-'))
const file = process.env.FAULTS_REPORT ?? join(folder, 'figures.jsonl')

const began = Date.now()
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--no-file-parallelism',
    '--retry=1', // as npm test does: the machine is shared
    '--reporter=default',
    ...(named.length > 0 ? named : SUITES),
  ],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, LONG: '1', FAULTS_REPORT: file } },
)
const run = { run: named, share, minutes: Math.round((Date.now() - began) / 60_000), failed: status !== 0 }
appendFileSync(file, `${JSON.stringify(run)}\n`)
const lines = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
rmSync(folder, { recursive: true })

/** One figure of each name: the worst where a suite has measured it more than once. */
function figures() {
  const worst = new Map()
  for (const figure of lines.filter(({ row }) => row)) {
    const key = `${figure.row} ${figure.name} ${figure.suite}`
    if (!(worst.get(key)?.value >= figure.value)) worst.set(key, figure)
  }
  return [...worst.values()]
}

const runs = lines.filter(({ run }) => run)
const failed = runs.filter(({ failed }) => failed)
const minutes = runs.reduce((sum, each) => sum + each.minutes, 0)
const measured = figures()
const rows = Object.entries(JSON.parse(readFileSync(join(ROOT, 'tests/support/trust-rows.json'), 'utf8')))
const of = (row) => measured.filter((figure) => figure.row === row)
const missing = rows.filter(([row]) => of(row).length === 0)

const written = ({ value, unit }) => (unit ? `${value} ${unit}` : String(value))
const line = (cells) => `| ${cells.join(' | ')} |`

function table() {
  const lines = rows.flatMap(([row, means]) =>
    of(row).map((figure, i) =>
      line([
        i > 0 ? '' : /^[SK]\d$/.test(row) ? `**${row}** ${means}` : means,
        figure.name,
        written(figure),
        `[${plain(figure.suite)}](../${figure.suite})`,
      ]),
    ),
  )
  return [
    line(['guarantee or fault', 'what was measured', 'figure', 'suite']),
    '|---|---|---|---|',
    ...lines,
  ].join('\n')
}

const plain = (suite) => suite.split('/').at(-1).replace('.test.ts', '')

function report() {
  const [{ model }] = cpus()
  const machine = `${cpus().length} cores (${model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`
  const whole = runs.filter(({ share }) => share === 1)
  const shares = [...new Set(runs.map(({ share }) => share))].filter((share) => share < 1)
  const suites = [...new Set(whole.flatMap(({ run }) => run).map(plain))]
  const of = suites.length > 0 ? ` of ${suites.join(', ')}` : ''
  const form = [
    ...(whole.length > 0 ? [`the whole long form${of}`] : []),
    ...shares.map(
      (share) =>
        `\`FAULT_SHARE=${share}\` of the ${whole.length > 0 ? 'others' : 'suites'}: this share of their rounds, requests and seconds, and never less than \`npm test\` runs`,
    ),
  ].join('; ')
  return `# Reliability report

Written by \`npm run faults\`; do not edit. Each row is a guarantee, or a fault that is injected into the real product: real
Postgres, Redis, HAProxy and nginx, the providers as they are published. Short forms of the same suites run in \`npm test\`. Where a
suite measured something several times, the worst is shown.

- ${new Date().toISOString().slice(0, 10)}, ${minutes} minutes in ${runs.length === 1 ? 'one run' : `${runs.length} runs`}, ${form}
- ${machine}; product, database, clients and whatever else the machine did shared them
- ${failed.length === 0 ? 'every assertion held' : 'some assertions failed, as the log of the run says'}${missing.length > 0 ? `; without a figure: ${missing.map(([, means]) => means).join(', ')}` : ''}

${table()}
`
}

if (named.length > 0 && !process.env.FAULTS_REPORT) process.exit(status ?? 1)
writeFileSync(join(ROOT, REPORT), report())
say(`\n${REPORT} is written.`)
for (const [row, means] of missing) say(`no figure: ${row}: ${means}`)
process.exit(failed.length === 0 && missing.length === 0 ? 0 : 1)
