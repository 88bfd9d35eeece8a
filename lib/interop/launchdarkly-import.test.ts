import { init, integrations, type LDClient } from '@launchdarkly/node-server-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evaluate } from '../evaluation'
import { parseConfig } from '../evaluation/parse-config'
import type { ParsedConfig } from '../evaluation/parsed-config'
import { loadRegex } from '../regex'
import type { ImportPlan } from './import-plan'
import { importLaunchDarkly } from './launchdarkly-import'

// The SDK of LaunchDarkly itself is asked the same: whatever is imported decides alike.

const NOW = Date.parse('2027-03-01T12:00:00Z')

const clause = (attribute: string, op: string, values: unknown[], rest: object = {}) => ({
  attribute,
  op,
  values,
  negate: false,
  ...rest,
})
const rule = (clauses: object[], rest: object = { variation: 0 }) => ({ clauses, ...rest })
const off = {
  on: true,
  targets: [],
  contextTargets: [],
  rules: [],
  fallthrough: { variation: 1 },
  offVariation: 1,
}

const CLAUSES: readonly [string, object[]][] = [
  ['in', [clause('plan', 'in', ['pro', 'team'])]],
  ['not-in', [clause('plan', 'in', ['pro'], { negate: true })]],
  ['number-in', [clause('age', 'in', [17, 18])]],
  ['contains', [clause('email', 'contains', ['@ex', 'zz'])]],
  ['starts', [clause('email', 'startsWith', ['ana'], { negate: true })]],
  ['ends', [clause('email', 'endsWith', ['.com', '.de'])]],
  ['matches', [clause('email', 'matches', ['^a.a@', 'y\\.'])]],
  ['number', [clause('age', 'greaterThanOrEqual', [18]), clause('age', 'lessThan', [65])]],
  ['numbers', [clause('age', 'greaterThan', [30, 17])]],
  ['no-numbers', [clause('age', 'greaterThan', [30, 17], { negate: true })]],
  ['version', [clause('app', 'semVerGreaterThan', ['1.2.3'])]],
  ['no-version', [clause('app', 'semVerEqual', ['1.2.3'], { negate: true })]],
  ['time', [clause('joined', 'before', ['2027-01-01T00:00:00Z'])]],
  ['path', [clause('/address/city', 'in', ['Rome'], { contextKind: 'user' })]],
  ['slash', [clause('/address/city', 'in', ['Rome'])]],
  ['key', [clause('key', 'in', ['u1', 'u2'])]],
  ['segment', [clause('', 'segmentMatch', ['spenders'])]],
  ['no-segment', [clause('', 'segmentMatch', ['spenders', 'listed'], { negate: true })]],
  ['organisation', [clause('plan', 'in', ['big'], { contextKind: 'org' })]],
  ['several', [clause('plan', 'in', ['pro']), clause('country', 'in', ['DE'], { negate: true })]],
]
const variations = [{ value: true, name: 'Available' }, { value: false }]
const flag = (key: string, environment: object, rest: object = {}) => ({
  key,
  name: `Flag ${key}`,
  kind: 'boolean',
  description: `About ${key}`,
  tags: ['beta'],
  clientSideAvailability: { usingEnvironmentId: key === 'in' },
  variations,
  environments: { production: { ...off, ...environment } },
  ...rest,
})

const shares = (parts: [number, number][], rest: object = {}) => ({
  rollout: { variations: parts.map(([variation, weight]) => ({ variation, weight })), ...rest },
})
const BOOLEAN = [
  ...CLAUSES.map(([key, clauses]) => flag(key, { rules: [rule(clauses)] })),
  flag('targets', {
    targets: [{ values: ['u1', 'u3'], variation: 0 }],
    contextTargets: [
      { values: [], variation: 0, contextKind: 'user' },
      { values: ['o1'], variation: 0, contextKind: 'org' },
    ],
    rules: [rule([clause('plan', 'in', ['team'])], { variation: 0, description: 'Teams' })],
  }),
  flag('off', { on: false, rules: [rule([])] }),
  flag('needs', { prerequisites: [{ key: 'in', variation: 0 }], fallthrough: { variation: 0 } }),
]
const FLAGS = {
  items: [
    ...BOOLEAN,
    flag('half', {
      fallthrough: shares([
        [0, 50_000],
        [1, 50_000],
      ]),
    }),
    flag(
      'colours',
      {
        fallthrough: shares([
          [0, 25_000],
          [1, 75_000],
        ]),
        offVariation: null,
      },
      {
        variations: [
          { value: '#f00', name: 'Red one' },
          { value: '#00f', name: 'Red one' },
        ],
      },
    ),
    flag('by-org', {
      rules: [
        rule(
          [],
          shares(
            [
              [0, 10_000],
              [1, 90_000],
            ],
            { contextKind: 'org', bucketBy: 'key' },
          ),
        ),
      ],
    }),
    flag('kinds', { rules: [rule([clause('kind', 'in', ['org'])])] }),
    flag('lost', { rules: [rule([clause('', 'segmentMatch', ['nowhere'])])] }),
    flag('mixed', {}, { variations: [{ value: 1 }, { value: 'a' }] }),
    flag('gone', {}, { archived: true }),
    { ...flag('elsewhere', {}), environments: { test: off } },
  ],
}
const SEGMENTS = {
  items: [
    {
      key: 'spenders',
      name: 'Spenders',
      included: [],
      excluded: ['u4'],
      rules: [{ clauses: [clause('plan', 'in', ['team'])] }],
    },
    { key: 'listed', name: 'Listed', included: ['u1'], excluded: [], rules: [] },
  ],
}

const PEOPLE = ['u1', 'u2', 'u3', 'u4'].flatMap((key) =>
  ['pro', 'team', 'free', undefined].flatMap((plan) =>
    [
      { age: 17, joined: '2026-05-01T00:00:00Z' },
      { age: 18, email: 'ana@example.com', address: { city: 'Rome' } },
      { email: 'x@y.de', app: '1.10.0', joined: '2027-02-01T00:00:00Z' },
      { age: 66, app: '1.2.3' },
    ].map((more, i) => ({
      user: { key, ...(plan && { plan }), country: i % 2 ? 'DE' : 'FR', ...more },
      org: [{ key: 'o1', plan: 'big' }, { key: 'o2' }, undefined, { key: 'o3', plan: 'small' }][i],
    })),
  ),
)

const theirs = ({ user, org }: (typeof PEOPLE)[number]) =>
  org ? { kind: 'multi', user, org } : { kind: 'user', ...user }
const ours = ({ user: { key, ...user }, org }: (typeof PEOPLE)[number]) => ({
  targetingKey: key,
  ...user,
  ...(org && { org }),
})

let plan: ImportPlan
let config: ParsedConfig
let client: LDClient
beforeAll(async () => {
  await loadRegex()
  plan = importLaunchDarkly([FLAGS, SEGMENTS], 'production')
  const id = '1.1.00000000'
  const { flags, segments } = plan
  const parsed = parseConfig({ schema: 1, flagSetId: 'a/b', id, flags, segments, killed: [], killedAt: id })
  if (!parsed.ok) throw new Error(parsed.error)
  config = parsed.config
  const data = new integrations.TestData()
  const set = { flag: data.usePreconfiguredFlag.bind(data), segment: data.usePreconfiguredSegment.bind(data) }
  for (const { environments, variations: values, ...rest } of FLAGS.items.slice(0, BOOLEAN.length + 1))
    await set.flag({
      ...rest,
      ...(environments as unknown as { production: object }).production,
      variations: values.map(({ value }) => value),
      version: 1,
      salt: rest.key,
    })
  for (const segment of SEGMENTS.items) await set.segment({ ...segment, version: 1, salt: 'a' })
  const quiet = { error() {}, warn() {}, info() {}, debug() {} }
  client = init('sdk-key', { updateProcessor: data.getFactory(), sendEvents: false, logger: quiet })
  await client.waitForInitialization({ timeout: 5 })
})
afterAll(() => client.close())

const decide = (key: string, context: Record<string, unknown>) => evaluate(config, key, context as never, NOW)

describe('flags of LaunchDarkly', () => {
  it.each(BOOLEAN.map(({ key }) => key))('decide alike: %s', async (key) => {
    for (const person of PEOPLE) {
      const wanted = await client.variation(key, theirs(person) as never, null)
      expect(decide(key, ours(person)).value, JSON.stringify(person)).toBe(wanted)
    }
  })

  it('keep shares, of other people', async () => {
    const people = Array.from({ length: 20_000 }, (_, i) => `user-${i}`)
    const inside = people.filter((targetingKey) => decide('half', { targetingKey }).value).length
    expect(Math.abs(inside / people.length - 0.5)).toBeLessThan(0.015)
    const blue = people.filter((targetingKey) => decide('colours', { targetingKey }).value === '#00f').length
    expect(Math.abs(blue / people.length - 0.75)).toBeLessThan(0.015)
    expect(plan.flags['by-org']!.rules[0]!.serve).toMatchObject({ rollout: { by: 'org.key' } })
    expect(plan.inexact.map(({ reason }) => reason)).toContainEqual(expect.stringContaining('other people'))
  })

  it('keep names, variants, tags and who may see them', () => {
    expect(plan.about.in).toEqual({ name: 'Flag in', description: 'About in', tags: ['beta'], browser: true })
    expect(plan.about.half!.browser).toBe(false)
    expect(plan.flags.colours).toMatchObject({
      type: 'string',
      variants: { 'red-one': '#f00', 'red-one-2': '#00f' },
      offVariant: null,
    })
    expect(plan.flags.targets!.rules[0]!.name).toBe('Teams')
  })

  it('are left out whole where a part cannot be expressed, with the place and the reason', () => {
    const at = (key: string) => FLAGS.items.findIndex((each) => each.key === key)
    const reasons = Object.fromEntries(plan.omitted.map(({ path, reason }) => [path, reason]))
    expect(reasons).toEqual({
      [`$1.items[${at('kinds')}].environments.production.rules[0].clauses[0].attribute`]:
        'it asks which kinds of context there are',
      [`$1.items[${at('lost')}].environments.production.rules[0].clauses[0]`]:
        'it names the segment "nowhere", which is not in what was given',
      [`$1.items[${at('mixed')}].variations`]: 'the values must all be boolean, text, numbers or objects',
      [`$1.items[${at('gone')}]`]: 'it is archived',
      [`$1.items[${at('elsewhere')}].environments.production`]: 'it has no environment "production"',
    })
  })

  it.each([
    [null],
    [[]],
    [{ items: [null, 1, { variations: [{}] }, { key: 'a', variations: [null] }] }],
    [{ items: {} }],
  ])('are none in %j', (document) => {
    expect(importLaunchDarkly([document], 'production').flags).toEqual({})
  })
})
