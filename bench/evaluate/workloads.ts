import type { Answer, Environment, FlagSpec, RuleSpec, User } from './spec'
import { COUNTRIES, PLANS, STAFF_DOMAIN, users, uuid } from './users'

/** What every user must be answered, or how large each answer's share must be. */
export type Expected =
  | { readonly of: (user: User) => Answer }
  | { readonly percentOf: Record<string, number> }

export type Workload = {
  readonly name: string
  readonly environment: Environment
  readonly flag: FlagSpec
  readonly expected: Expected
  /** At most this many times the hand-written limit of the same run. */
  readonly target: number
}

const ON = { value: true } as const
const OFF = { value: false } as const
const VARIANTS = ['control', 'short', 'long', 'video'] as const

const flagOf = (key: string, rest: Partial<FlagSpec>): FlagSpec => ({
  key,
  needs: [],
  rules: [],
  otherwise: OFF,
  ...rest,
})

export const plainFlag = (key: string) => flagOf(key, { otherwise: ON })
export const rolloutFlag = (key: string) => flagOf(key, { otherwise: { percent: 25 } })
export const emailFlag = (key: string) =>
  flagOf(key, { rules: [{ when: [{ attribute: 'email', endsWith: STAFF_DOMAIN }], serve: ON }] })
export const splitFlag = (key: string) => flagOf(key, { otherwise: { split: VARIANTS } })
export const segmentFlag = (key: string, segment: string) =>
  flagOf(key, { rules: [{ when: [{ segment }], serve: ON }] })
export const dependentFlag = (key: string, needs: string) => flagOf(key, { needs: [needs], otherwise: ON })

const without = <T>(list: readonly T[], left: readonly T[]): T[] => list.filter((one) => !left.includes(one))

/** Prices by size: ten rules that hold for most by country and plan, and the first nine for nobody by seats. */
export const tenRulesFlag = (key: string) => {
  const missed = Array.from(
    { length: 9 },
    (_, i): RuleSpec => ({
      when: [
        {
          attribute: 'country',
          oneOf: without(
            COUNTRIES,
            [0, 4].map((step) => COUNTRIES[(i + step) % COUNTRIES.length]!),
          ),
        },
        { attribute: 'plan', oneOf: without(PLANS, [PLANS[i % PLANS.length]!]) },
        { attribute: 'seats', atLeast: 1_009 - i },
      ],
      serve: ON,
    }),
  )
  const met: RuleSpec = {
    when: [
      { attribute: 'country', oneOf: COUNTRIES },
      { attribute: 'plan', oneOf: PLANS },
      { attribute: 'seats', atLeast: 1 },
    ],
    serve: ON,
  }
  return flagOf(key, { rules: [...missed, met] })
}

/** Every second user, and as many ids that never ask. */
export const segmentIds = (name: string): readonly string[] => [
  ...users.filter((_, i) => i % 2 === 0).map(({ id }) => id),
  ...Array.from({ length: 500 }, (_, i) => uuid(`${name}-${i}`)),
]

const alone = (flag: FlagSpec): Pick<Workload, 'flag' | 'environment'> => ({
  flag,
  environment: { flags: [flag], segments: {} },
})

const included = segmentIds('beta')
const isIncluded = new Set(included)
const chain = [
  dependentFlag('checkout-v4', 'checkout-v3'),
  dependentFlag('checkout-v3', 'checkout-v2'),
  dependentFlag('checkout-v2', 'checkout-v1'),
  plainFlag('checkout-v1'),
]

export const workloads: readonly Workload[] = [
  { name: 'plain', ...alone(plainFlag('new-header')), expected: { of: () => true }, target: 1.5 },
  {
    name: 'rollout-25',
    ...alone(rolloutFlag('fast-search')),
    expected: { percentOf: { true: 25, false: 75 } },
    target: 1.5,
  },
  {
    name: 'email-rule',
    ...alone(emailFlag('staff-tools')),
    expected: { of: ({ email }) => email.endsWith(STAFF_DOMAIN) },
    target: 1.5,
  },
  { name: 'ten-rules', ...alone(tenRulesFlag('pricing')), expected: { of: () => true }, target: 1 },
  {
    name: 'split-4',
    ...alone(splitFlag('onboarding')),
    expected: { percentOf: Object.fromEntries(VARIANTS.map((variant) => [variant, 25])) },
    target: 1.5,
  },
  {
    name: 'segment-1000',
    flag: segmentFlag('beta-program', 'beta'),
    environment: { flags: [segmentFlag('beta-program', 'beta')], segments: { beta: included } },
    expected: { of: ({ id }) => isIncluded.has(id) },
    target: 2,
  },
  {
    name: 'prerequisites-3',
    flag: chain[0]!,
    environment: { flags: chain, segments: {} },
    expected: { of: () => true },
    target: 1.5,
  },
]
