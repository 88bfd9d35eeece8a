import { bucketOf } from './limit-hash'
import { contextOf } from './ours'
import type { Answer, Contender } from './spec'
import { segmentIds } from './workloads'

/** What a good engineer would write by hand for just these flags: the closest that a general engine can hope to come. */

type Context = {
  readonly targetingKey: string
  readonly email: string
  readonly country: string
  readonly plan: string
  readonly seats: number
}
type Result = { readonly value: boolean | string; readonly variant: string; readonly reason: string }

const shared = (value: boolean | string, reason: string): Result =>
  Object.freeze({ value, variant: typeof value === 'string' ? value : value ? 'on' : 'off', reason })

const STATIC = shared(true, 'STATIC')
const MATCHED = shared(true, 'TARGETING_MATCH')
const INSIDE = shared(true, 'SPLIT')
const OUTSIDE = shared(false, 'SPLIT')
const OFF = shared(false, 'DEFAULT')
const ON = shared(true, 'DEFAULT')
const CONTROL = shared('control', 'SPLIT')
const SHORT = shared('short', 'SPLIT')
const LONG = shared('long', 'SPLIT')
const VIDEO = shared('video', 'SPLIT')

const searchBucket = bucketOf('fast-search')
const onboardingBucket = bucketOf('onboarding/split/')
const beta: ReadonlySet<string> = new Set(segmentIds('beta'))

const checkoutV1 = (_context: Context): Result => STATIC
const checkoutV2 = (context: Context): Result => (checkoutV1(context).value === true ? ON : OFF)
const checkoutV3 = (context: Context): Result => (checkoutV2(context).value === true ? ON : OFF)
const checkoutV4 = (context: Context): Result => (checkoutV3(context).value === true ? ON : OFF)

function onboarding({ targetingKey }: Context): Result {
  const bucket = onboardingBucket(targetingKey)
  if (bucket < 50_000) return bucket < 25_000 ? CONTROL : SHORT
  return bucket < 75_000 ? LONG : VIDEO
}

const countries: ReadonlySet<string> = new Set(['DE', 'FR', 'US', 'GB', 'JP', 'BR', 'IN', 'NL'])
const plans: ReadonlySet<string> = new Set(['free', 'team', 'business', 'enterprise'])
const countriesButDeJp: ReadonlySet<string> = new Set(['FR', 'US', 'GB', 'BR', 'IN', 'NL'])
const plansButFree: ReadonlySet<string> = new Set(['team', 'business', 'enterprise'])
const countriesButFrBr: ReadonlySet<string> = new Set(['DE', 'US', 'GB', 'JP', 'IN', 'NL'])
const plansButTeam: ReadonlySet<string> = new Set(['free', 'business', 'enterprise'])
const countriesButUsIn: ReadonlySet<string> = new Set(['DE', 'FR', 'GB', 'JP', 'BR', 'NL'])
const plansButBusiness: ReadonlySet<string> = new Set(['free', 'team', 'enterprise'])
const countriesButGbNl: ReadonlySet<string> = new Set(['DE', 'FR', 'US', 'JP', 'BR', 'IN'])
const plansButEnterprise: ReadonlySet<string> = new Set(['free', 'team', 'business'])

function pricing({ country, plan, seats }: Context): Result {
  if (countriesButDeJp.has(country) && plansButFree.has(plan) && seats >= 1_009) return MATCHED
  if (countriesButFrBr.has(country) && plansButTeam.has(plan) && seats >= 1_008) return MATCHED
  if (countriesButUsIn.has(country) && plansButBusiness.has(plan) && seats >= 1_007) return MATCHED
  if (countriesButGbNl.has(country) && plansButEnterprise.has(plan) && seats >= 1_006) return MATCHED
  if (countriesButDeJp.has(country) && plansButFree.has(plan) && seats >= 1_005) return MATCHED
  if (countriesButFrBr.has(country) && plansButTeam.has(plan) && seats >= 1_004) return MATCHED
  if (countriesButUsIn.has(country) && plansButBusiness.has(plan) && seats >= 1_003) return MATCHED
  if (countriesButGbNl.has(country) && plansButEnterprise.has(plan) && seats >= 1_002) return MATCHED
  if (countriesButDeJp.has(country) && plansButFree.has(plan) && seats >= 1_001) return MATCHED
  if (countries.has(country) && plans.has(plan) && seats >= 1) return MATCHED
  return OFF
}

const flags: ReadonlyMap<string, (context: Context) => Result> = new Map([
  ['new-header', () => STATIC],
  ['fast-search', ({ targetingKey }) => (searchBucket(targetingKey) < 25_000 ? INSIDE : OUTSIDE)],
  ['staff-tools', ({ email }) => (email.endsWith('@example.org') ? MATCHED : OFF)],
  ['pricing', pricing],
  ['onboarding', onboarding],
  ['beta-program', ({ targetingKey }) => (beta.has(targetingKey) ? MATCHED : OFF)],
  ['checkout-v1', checkoutV1],
  ['checkout-v2', checkoutV2],
  ['checkout-v3', checkoutV3],
  ['checkout-v4', checkoutV4],
])

const NOT_FOUND = shared(false, 'ERROR')

function decide(key: string, context: Context): Result {
  const flag = flags.get(key)
  return flag === undefined ? NOT_FOUND : flag(context)
}

export const limit: Contender = {
  name: 'limit',
  call: 'flags.get(key)(context), written by hand',
  isAsync: false,
  unable: (environment) =>
    environment.flags.every(({ key }) => flags.has(key)) ? undefined : 'not written by hand',
  open: () => ({
    prepare: contextOf,
    ask:
      ({ key }) =>
      (context) =>
        decide(key, context as Context),
    answerOf: (result) => (result as Result).value as Answer,
    close: () => {},
  }),
}
