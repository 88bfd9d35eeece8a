import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { inBrowser } from './dashboard/browser'
import { type Installation, startInstallation } from './dashboard/installation'
import { lists, pages } from './dashboard/pages'
import { take } from './dashboard/requests'
import { cleanUp } from './delivery/cleanup'
import { table, verdictTable } from './evaluate/tables'

// What the dashboard takes with 10,000 flags: each page and list on the server, the flags list in a browser.

const WARM = 5
const REQUESTS = 40
const JSON_FILE = 'dist/bench-dashboard.json'

const PAGE_MS = 200
const INTERACTIVE_MS = 1_500
const SEARCH_MS = 100
const SCRIPT_BYTES = 250_000

type Row = { p50: number; p95: number; html: number; sent: number; data: number }

const percentile = (values: readonly number[], percent: number) =>
  [...values].sort((a, b) => a - b)[Math.ceil((values.length * percent) / 100) - 1]!
const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`
const kb = (bytes: number) => `${(bytes / 1_000).toFixed(1)} KB`

/** What the browser asks for when a link is followed. */
const dataOf = (url: string) => `${url}${url.includes('?') ? '&' : '?'}_rsc=`

async function measured({ url, cookie }: Installation, path: string): Promise<Row> {
  const times: number[] = []
  let last = await take(url + path, { cookie })
  for (let i = 0; i < WARM + REQUESTS; i++) {
    last = await take(url + path, { cookie })
    if (last.status !== 200) throw new Error(`${path} answered ${last.status}`)
    if (i >= WARM) times.push(last.ms)
  }
  const data = await take(dataOf(url + path), { cookie, rsc: '1' })
  const html = last.gzip ? gunzipSync(last.body).length : last.body.length
  return {
    p50: percentile(times, 50),
    p95: percentile(times, 95),
    html,
    sent: last.body.length,
    data: data.body.length,
  }
}

async function all(at: Installation, of: Readonly<Record<string, string>>, only: string | undefined) {
  const rows: Record<string, Row> = {}
  for (const [name, path] of Object.entries(of))
    if (only === undefined || name.includes(only)) rows[name] = await measured(at, path)
  return rows
}

const shown = (rows: Record<string, Row>, head: string, sizes: (row: Row) => string[]) =>
  Object.entries(rows).map(([name, row]) => [`${head}${name}`, ms(row.p50), ms(row.p95), ...sizes(row)])

function within(target: string, value: number, most: number, show: (value: number) => string) {
  return { target: `${target} under ${show(most)}`, measured: show(value), met: value < most }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { keep: { type: 'string' }, only: { type: 'string' } } })
  const at = await startInstallation(values.keep)
  const onServer = await all(at, pages, values.only)
  console.log(
    `\nServer time of a page, ${REQUESTS} requests after ${WARM}, one after the other; compressed: as it travels; data: what following a link loads`,
  )
  console.log(
    table(
      ['page', 'p50', 'p95', 'HTML', 'compressed', 'data'],
      shown(onServer, '', ({ html, sent, data }) => [kb(html), kb(sent), kb(data)]),
    ),
  )
  const ofApi = await all(at, lists, values.only)
  console.log(
    `\nThe lists of the API behind them\n${table(
      ['list', 'p50', 'p95', 'compressed'],
      shown(ofApi, '', ({ sent }) => [kb(sent)]),
    )}`,
  )
  const browser = await inBrowser(at)
  const halves = { interactive: browser.interactive, search: browser.search, palette: browser.palette }
  console.log(
    `\nIn the browser, p50 and p95: ${Object.entries(halves)
      .map(([name, times]) => `${name} ${ms(percentile(times, 50))}, ${ms(percentile(times, 95))}`)
      .join('; ')}`,
  )
  const answer = Math.max(...Object.values(ofApi).map(({ p95 }) => p95))
  const slowest = Object.entries(onServer).reduce((a, b) => (b[1].p95 > a[1].p95 ? b : a))
  const verdicts = [
    within(`every page, p95 (slowest: ${slowest[0]})`, slowest[1].p95, PAGE_MS, ms),
    within(
      'the flags list reacts, median of 7 first visits',
      percentile(browser.interactive, 50),
      INTERACTIVE_MS,
      ms,
    ),
    within('the answer to a search, p95 (slowest of the API)', answer, SEARCH_MS, ms),
    within(
      'a search in the palette, from the last key to its rows, p95',
      percentile(browser.palette, 95),
      SEARCH_MS,
      ms,
    ),
    within('compressed JavaScript of the flags page', browser.scripts, SCRIPT_BYTES, kb),
  ]
  console.log(`\n${verdictTable(verdicts)}\n`)
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version }
  mkdirSync('dist', { recursive: true })
  writeFileSync(
    JSON_FILE,
    `${JSON.stringify({ bench: 'dashboard', machine, pages: onServer, lists: ofApi, browser, verdicts }, null, 2)}\n`,
  )
  console.log(`JSON: ${JSON_FILE}`)
}

async function end(code: number): Promise<void> {
  await cleanUp()
  process.exit(code)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(1))
main().then(
  () => end(0),
  (error) => {
    console.error(error)
    return end(1)
  },
)
