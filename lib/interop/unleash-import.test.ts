import { Unleash } from 'unleash-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evaluate } from '../evaluation'
import { parseConfig } from '../evaluation/parse-config'
import type { ImportPlan } from './import-plan'
import { importUnleash } from './unleash-import'

// The client of Unleash itself is asked the same: whatever is imported decides alike.

const NOW = Date.parse('2027-03-01T12:00:00Z')

const is = (contextName: string, operator: string, rest: object) => ({ contextName, operator, ...rest })
const strategy = (featureName: string, rest: object) => ({
  featureName,
  name: 'flexibleRollout',
  parameters: { rollout: '100', stickiness: 'default', groupId: featureName },
  constraints: [],
  segments: [],
  variants: [],
  ...rest,
})
const on = (featureName: string, rest: object = {}) => ({ featureName, enabled: true, variants: [], ...rest })

const CONDITIONS: readonly [string, object[]][] = [
  ['in', [is('plan', 'IN', { values: ['pro', 'team'] })]],
  ['not in', [is('plan', 'NOT_IN', { values: ['pro', 'team'] })]],
  ['inverted', [is('plan', 'IN', { values: ['pro'], inverted: true })]],
  ['twice no', [is('plan', 'NOT_IN', { values: ['pro'], inverted: true })]],
  ['contains', [is('email', 'STR_CONTAINS', { values: ['@ex', 'zz'] })]],
  ['by case', [is('email', 'STR_ENDS_WITH', { values: ['.COM'], caseInsensitive: true })]],
  ['starts', [is('email', 'STR_STARTS_WITH', { values: ['ana'], inverted: true })]],
  ['number', [is('age', 'NUM_GTE', { value: '18' }), is('age', 'NUM_LT', { value: '65' })]],
  ['version', [is('app', 'SEMVER_GT', { value: '1.2.3' })]],
  ['user', [is('userId', 'IN', { values: ['u1', 'u2'] })]],
  ['several', [is('plan', 'IN', { values: ['pro'] }), is('country', 'NOT_IN', { values: ['DE'] })]],
]
const features = [
  ...CONDITIONS.map(([name]) => name.replaceAll(' ', '-')),
  ...['segment', 'by-id', 'address', 'either', 'nobody', 'everyone', 'off', 'child', 'all-disabled', 'dated'],
]
const DOCUMENT = {
  features: [
    ...features.map((name) => ({ name, type: 'release', description: `About ${name}` })),
    { name: 'half', type: 'release' },
    { name: 'colours', type: 'experiment' },
    { name: 'hosts', type: 'release' },
    { name: 'gone', type: 'release', archived: true },
  ],
  featureStrategies: [
    ...CONDITIONS.map(([name, constraints]) => strategy(name.replaceAll(' ', '-'), { constraints })),
    strategy('segment', { segments: [7] }),
    strategy('by-id', { name: 'userWithId', parameters: { userIds: 'u1, u3' } }),
    strategy('address', { name: 'remoteAddress', parameters: { IPs: '10.0.0.0/8,192.168.1.7' } }),
    strategy('either', { sortOrder: 2, constraints: [is('plan', 'IN', { values: ['team'] })] }),
    strategy('either', { sortOrder: 1, constraints: [is('plan', 'IN', { values: ['pro'] })], title: 'Pro' }),
    strategy('either', { sortOrder: 3, disabled: true }),
    strategy('nobody', { parameters: { rollout: '0', stickiness: 'userId', groupId: 'nobody' } }),
    strategy('off', {}),
    strategy('child', {}),
    strategy('all-disabled', { disabled: true }),
    strategy('dated', { constraints: [is('currentTime', 'DATE_AFTER', { value: '2027-02-01T00:00:00Z' })] }),
    strategy('half', { parameters: { rollout: '50', stickiness: 'userId', groupId: 'half' } }),
    strategy('colours', {
      variants: [
        { name: 'red', weight: 250, payload: { type: 'string', value: '#f00' } },
        { name: 'blue', weight: 750, payload: { type: 'string', value: '#00f' } },
      ],
    }),
    strategy('hosts', { name: 'applicationHostname', parameters: { hostNames: 'a' } }),
  ],
  featureEnvironments: [...features, 'half', 'colours', 'hosts', 'gone'].map((name) =>
    on(name, name === 'off' ? { enabled: false } : {}),
  ),
  segments: [{ id: 7, name: 'Big Spenders', constraints: [is('plan', 'IN', { values: ['team'] })] }],
  dependencies: [{ feature: 'child', dependencies: [{ feature: 'in', enabled: true }] }],
  featureTags: [{ featureName: 'in', tagType: 'simple', tagValue: 'beta' }],
}

const PEOPLE = ['u1', 'u2', 'u3', 'u4'].flatMap((userId) =>
  ['pro', 'team', 'free', undefined].flatMap((plan) =>
    [
      { age: 17 },
      { age: 18, email: 'ana@example.com' },
      { email: 'x@y.COM', app: '1.10.0' },
      { app: '1.2.3' },
    ].map((more, i) => ({
      userId,
      remoteAddress: ['10.1.2.3', '192.168.1.7', '8.8.8.8', undefined][i],
      properties: { ...(plan && { plan }), country: i % 2 ? 'DE' : 'FR', ...more },
    })),
  ),
)

const asked = ({ userId, remoteAddress, properties }: (typeof PEOPLE)[number]) => ({
  targetingKey: userId,
  ...(remoteAddress && { remoteAddress }),
  ...properties,
})

function configOf({ flags, segments }: ImportPlan) {
  const id = '1.1.00000000'
  const parsed = parseConfig({ schema: 1, flagSetId: 'a/b', id, flags, segments, killed: [], killedAt: id })
  if (!parsed.ok) throw new Error(parsed.error)
  return parsed.config
}

const plan = importUnleash(DOCUMENT)
const config = configOf(plan)
const decide = (flag: string, context: Record<string, unknown>) => evaluate(config, flag, context, NOW).value

let unleash: Unleash
beforeAll(async () => {
  unleash = new Unleash({
    appName: 'import',
    url: 'http://127.0.0.1:1/',
    refreshInterval: 0,
    disableMetrics: true,
    bootstrap: {
      data: DOCUMENT.features.map(({ name, ...feature }) => ({
        ...feature,
        name,
        impressionData: false,
        project: 'default',
        stale: false,
        ...DOCUMENT.featureEnvironments.find(({ featureName }) => featureName === name)!,
        strategies: DOCUMENT.featureStrategies.filter(
          (each) => each.featureName === name && !('disabled' in each),
        ),
        dependencies: DOCUMENT.dependencies
          .filter(({ feature }) => feature === name)
          .flatMap((each) => each.dependencies),
      })) as never,
      segments: DOCUMENT.segments as never,
    },
  })
  unleash.on('error', () => {}) // nobody is there to be asked
  await new Promise((resolve) => unleash.once('ready', resolve))
})
afterAll(() => unleash.destroy())

describe('an export of Unleash', () => {
  it.each(features.filter((name) => !['all-disabled', 'dated'].includes(name)))(
    'decides alike: %s',
    (flag) => {
      for (const person of PEOPLE)
        expect(decide(flag, asked(person)), JSON.stringify(person)).toBe(
          unleash.isEnabled(flag, person as never),
        )
    },
  )

  it('takes the time of a strategy as the window of its rule, and a flag whose strategies are all off as off', () => {
    expect(plan.flags.dated!.rules[0]).toMatchObject({ from: '2027-02-01T00:00:00Z', when: { all: [] } })
    expect(decide('dated', { targetingKey: 'u1' })).toBe(true)
    expect(decide('all-disabled', { targetingKey: 'u1' })).toBe(false)
  })

  it('keeps shares, of other people', () => {
    const people = Array.from({ length: 20_000 }, (_, i) => `user-${i}`)
    const inside = people.filter((targetingKey) => decide('half', { targetingKey })).length
    const theirs = people.filter((userId) => unleash.isEnabled('half', { userId })).length
    expect(Math.abs(inside - theirs)).toBeLessThan(400)
    const blue = people.filter(
      (targetingKey) => evaluate(config, 'colours', { targetingKey }, NOW).value === '#00f',
    ).length
    expect(Math.abs(blue / people.length - 0.75)).toBeLessThan(0.015)
    expect(plan.inexact.map(({ reason }) => reason)).toContainEqual(expect.stringContaining('other people'))
  })

  it('keeps names, titles, tags and what is about a flag', () => {
    expect(plan.about.in).toEqual({ name: 'in', description: 'About in', tags: ['beta'], browser: false })
    expect(plan.flags.either!.rules.map(({ name }) => name)).toEqual(['Pro', undefined])
    expect(Object.keys(plan.segments)).toEqual(['big-spenders'])
  })

  it('says what it left out, and where that stands', () => {
    expect(plan.omitted).toEqual([
      {
        path:
          '$.featureStrategies[' +
          DOCUMENT.featureStrategies.findIndex((s) => s.featureName === 'hosts') +
          '].name',
        reason: 'there is nothing like the strategy "applicationHostname"',
      },
      { path: `$.features[${DOCUMENT.features.length - 1}]`, reason: 'it is archived' },
    ])
  })

  it.each([
    [null],
    [[]],
    [{ features: [null, 1, { name: '__proto__' }, { name: 'a' }, {}] }],
    [{ features: {} }],
  ])('takes %j without a word too much', (document) => {
    const { flags } = importUnleash(document)
    expect(Object.keys(flags).filter((key) => key !== 'a')).toEqual([])
  })
})
