import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Bundle, measure } from './bundle/measure'
import { OURS, type Pair, pairs, SDK } from './bundle/pairs'
import { table } from './evaluate/tables'

// What a page loads for a provider and the OpenFeature web SDK, ours beside those of others: bench/README.md.

type Measured = Pair & Bundle

const bytes = (value: number) => value.toLocaleString('en')

const report = (all: readonly Measured[]): string => {
  const sdk = all.find(({ name }) => name === SDK.name)!
  const ours = all.find(({ name }) => name === OURS.name)!
  return table(
    [
      '',
      'decides',
      'first, raw',
      'gzip -9',
      'brotli 11',
      'without the SDK, gzip',
      'next, gzip',
      'first and next, gzip',
      'without the SDK, gzip',
      'to ours',
      'if needed, gzip',
    ],
    all.map(({ name, decides, first, next, later }) => [
      name,
      decides === 'nobody' ? '-' : decides,
      bytes(first.raw),
      bytes(first.gzip),
      bytes(first.brotli),
      bytes(first.gzip - sdk.first.gzip),
      bytes(next.gzip),
      bytes(first.gzip + next.gzip),
      bytes(first.gzip + next.gzip - sdk.first.gzip),
      `${((first.gzip + next.gzip) / (ours.first.gzip + ours.next.gzip)).toFixed(2)}x`,
      bytes(later.gzip),
    ]),
  )
}

const { values } = parseArgs({ options: { json: { type: 'string' } } })
const measured: Measured[] = []
for (const pair of pairs) measured.push({ ...pair, ...(await measure(pair)) })
console.log(
  `Bytes a page loads for the provider and the OpenFeature web SDK, bundled and minified by esbuild\n`,
)
console.log(`${report(measured)}\n`)
const figures = measured.map(({ name, decides, first, next, later }) => ({
  name,
  decides,
  first,
  next,
  later,
}))
const json = JSON.stringify({ bench: 'bundle', figures })
if (values.json === undefined) console.log(json)
else writeFileSync(values.json, `${json}\n`)
