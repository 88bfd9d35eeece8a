import type { JsonValue, Rule, Serve } from '@/lib/evaluation'

// The flags of one environment, described once and written for each server as its users would.

export const FLAGS = 1_000

const DOMAIN = '@harbour.example'
const COUNTRIES = ['DE', 'FR', 'PL', 'SE', 'PT', 'IT'] as const
const LAYOUTS = ['control', 'short', 'long', 'video'] as const

export const keyOf = (i: number): string => `release.team-${i % 20}.feature-${i}`
const country = (i: number, step: number) => COUNTRIES[(i + step) % COUNTRIES.length]!

type Kind = 'plain' | 'rollout' | 'email' | 'markets' | 'split'
const kinds: readonly Kind[] = ['plain', 'rollout', 'email', 'markets', 'split']
const kindOf = (i: number): Kind => kinds[i % kinds.length]!

type Ours = {
  key: string
  type: 'boolean' | 'string'
  variants: Record<string, JsonValue>
  offVariant: string
  rules: Rule[]
  fallthrough: Serve
}

const BOOLEAN = { type: 'boolean', variants: { on: true, off: false }, offVariant: 'off' } as const
const ON: Serve = { variant: 'on' }
const OFF: Serve = { variant: 'off' }

export const shareOf = (share: number): Serve => ({
  rollout: { share, split: [{ variant: 'on', weight: 100_000 }], rest: { variant: 'off' } },
})

const ours: Record<Kind, (i: number) => Omit<Ours, 'key'>> = {
  plain: () => ({ ...BOOLEAN, rules: [], fallthrough: ON }),
  rollout: () => ({ ...BOOLEAN, rules: [], fallthrough: shareOf(25_000) }),
  email: () => ({
    ...BOOLEAN,
    rules: [{ id: 'staff', when: { attribute: 'email', op: 'ends_with', values: [DOMAIN] }, serve: ON }],
    fallthrough: OFF,
  }),
  markets: (i) => ({
    ...BOOLEAN,
    rules: [0, 1, 2].map((step) => ({
      id: `market-${step}`,
      when: {
        all: [
          { attribute: 'country', op: 'is_one_of', values: [country(i, step), country(i, step + 3)] },
          { attribute: 'plan', op: 'is_one_of', values: ['team', 'business'] },
        ],
      },
      serve: ON,
    })),
    fallthrough: OFF,
  }),
  split: () => ({
    type: 'string',
    variants: Object.fromEntries(LAYOUTS.map((name) => [name, name])),
    offVariant: 'control',
    rules: [],
    fallthrough: {
      rollout: {
        share: 100_000,
        split: LAYOUTS.map((variant) => ({ variant, weight: 25_000 })),
        rest: { variant: 'control' },
      },
    },
  }),
}

export const ourFlag = (i: number): Ours => ({ key: keyOf(i), ...ours[kindOf(i)](i) })

const flexible = (key: string, rollout: number) => ({
  name: 'flexibleRollout',
  parameters: { rollout: String(rollout), stickiness: 'default', groupId: key },
  constraints: [] as object[],
})
const constraint = (contextName: string, operator: string, values: string[]) => ({
  contextName,
  operator,
  values,
  inverted: false,
  caseInsensitive: false,
})

const theirs: Record<Kind, (i: number) => object[]> = {
  plain: () => [{ name: 'default', parameters: {}, constraints: [] }],
  rollout: (i) => [flexible(keyOf(i), 25)],
  email: (i) => [
    { ...flexible(keyOf(i), 100), constraints: [constraint('email', 'STR_ENDS_WITH', [DOMAIN])] },
  ],
  markets: (i) =>
    [0, 1, 2].map((step) => ({
      ...flexible(keyOf(i), 100),
      constraints: [
        constraint('country', 'IN', [country(i, step), country(i, step + 3)]),
        constraint('plan', 'IN', ['team', 'business']),
      ],
    })),
  split: (i) => [
    {
      ...flexible(keyOf(i), 100),
      variants: LAYOUTS.map((name) => ({
        name,
        weight: 250,
        weightType: 'variable',
        stickiness: 'default',
        payload: { type: 'string', value: name },
      })),
    },
  ],
}

/** The flags from one number up to another, as Unleash imports them into one environment. */
export function unleashImport(from: number, to: number, environment: string) {
  const indices = Array.from({ length: to - from }, (_, i) => from + i)
  return {
    project: 'default',
    environment,
    data: {
      features: indices.map((i) => ({ name: keyOf(i), type: 'release', project: 'default' })),
      featureStrategies: indices.flatMap((i) =>
        theirs[kindOf(i)](i).map((strategy) => ({ featureName: keyOf(i), ...strategy })),
      ),
      featureEnvironments: indices.map((i) => ({
        enabled: true,
        featureName: keyOf(i),
        environment,
        name: keyOf(i),
      })),
      contextFields: ['email', 'country', 'plan'].map((name) => ({ name })),
      featureTags: [],
      segments: [],
      tagTypes: [],
      dependencies: [],
    },
  }
}
