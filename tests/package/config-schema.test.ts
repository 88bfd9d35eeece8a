import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Config } from '@/lib/evaluation'
import { toWire } from '@/lib/evaluation/wire'
import { config } from '../support/arbitrary-config'
import { schemaFaults } from '../support/json-schema'

const schema = JSON.parse(readFileSync('public/schema/config.v1.json', 'utf8'))
const faults = (value: unknown) => schemaFaults(schema, value)

/** The configs of the golden vectors that every engine takes. */
const golden = readdirSync('tests/vectors')
  .filter((file) => file.endsWith('.json') && !/malformed|hostile|schema/.test(file))
  .map(
    (file) =>
      [
        file,
        (JSON.parse(readFileSync(`tests/vectors/${file}`, 'utf8')) as { config: Config }).config,
      ] as const,
  )

it('holds for the configs of the golden vectors', () => {
  expect(golden.length).toBeGreaterThan(8)
  expect(golden.flatMap(([file, each]) => faults(each).map((fault) => `${file} ${fault}`))).toEqual([])
})

it('holds for whatever the control plane may publish, as it travels and in full', () => {
  fc.assert(
    fc.property(config, (full) => {
      const flags = Object.entries(full.flags).map(([key, flag]) => [key, toWire(key, flag as never)])
      expect(faults(full)).toEqual([])
      expect(faults({ ...full, flags: Object.fromEntries(flags) })).toEqual([])
    }),
    { numRuns: 200 },
  )
})

it.each([
  ['another schema', { schema: 2 }, 'is 1'],
  ['an id of another form', { id: '7' }, '$.id'],
  ['a flag that serves nothing', { flags: { f: { version: 1, on: true } } }, 'fallthrough'],
  [
    'a share of texts',
    { flags: { f: { version: 1, on: true, fallthrough: { rollout: { share: '5' } } } } },
    'share',
  ],
  ['a field that nobody knows', { flagz: {} }, 'must not be there'],
])('says what is wrong with %s', (_, change, words) => {
  expect(faults({ ...golden[0]![1], ...change }).join('; ')).toContain(words)
})
