import type { Answer, Api } from './api'
import type { Random } from './random'

/** What browsers never see, and what they see at times. Names tell which. */
export const HIDDEN = ['hidden-a', 'hidden-b', 'hidden-c']
const SHOWN = ['shown-a', 'shown-b', 'shown-c', 'shown-d', 'shown-e']
const LISTS = ['hidden-staff', 'hidden-testers']
const CONDITIONS = ['europe', 'adults']
const COUNTRIES = ['DE', 'FR', 'PL', 'ES', 'IT']

const PROJECT = '/projects/random'
const ENVIRONMENT = 'production'
const at = (flag: string) => `${PROJECT}/flags/${flag}/environments/${ENVIRONMENT}`

export async function seedRandomProject(api: Api): Promise<void> {
  await api('POST', '/projects', { key: 'random', name: 'Random' })
  await api('PUT', `${PROJECT}/attributes`, { attributes: { country: 'public' } })
  for (const key of LISTS) await api('POST', `${PROJECT}/segments`, { key, name: key, included: ['ana'] })
  for (const key of CONDITIONS)
    await api('POST', `${PROJECT}/segments`, { key, name: key, any: [inCountry('DE')] })
  for (const key of [...HIDDEN, ...SHOWN])
    await api('POST', `${PROJECT}/flags`, { key, name: key, type: 'boolean', browser: SHOWN.includes(key) })
}

const inCountry = (...values: string[]) => ({ attribute: 'country', op: 'is_one_of', values })

const serve = (random: Random, rest: object | 'continue') =>
  random.chance(0.5)
    ? { variant: random.pick(['on', 'off']) }
    : { rollout: { share: random.below(100_001), split: [{ variant: 'on', weight: 100_000 }], rest } }

function targeting(random: Random, flag: string) {
  const segments = HIDDEN.includes(flag) ? [...LISTS, ...CONDITIONS] : CONDITIONS
  const when = () =>
    random.chance(0.6)
      ? { segment: random.pick(segments) }
      : inCountry(random.pick(COUNTRIES), random.pick(COUNTRIES))
  const others = (HIDDEN.includes(flag) ? [...HIDDEN, ...SHOWN] : SHOWN).filter((other) => other !== flag)
  return {
    on: random.chance(0.8),
    offVariant: random.pick(['off', null]),
    prerequisites: random.chance(0.2) ? [{ flag: random.pick(others), variants: ['on'] }] : [],
    rules: Array.from({ length: random.below(3) }, (_, i) => ({
      id: `r${i}`,
      when: when(),
      serve: serve(random, 'continue'),
    })),
    fallthrough: serve(random, { variant: 'off' }),
  }
}

type Change = (api: Api, random: Random) => Promise<Answer>

async function edited(
  api: Api,
  method: string,
  path: string,
  change: object,
  readFrom = path,
): Promise<Answer> {
  const { headers } = await api('GET', readFrom)
  return api(method, path, change, { 'if-match': headers.get('etag') ?? '"0"' })
}

const anyFlag = (random: Random) => random.pick([...HIDDEN, ...SHOWN])

/** Every kind of change that publishes. Some are refused where they meet another: a cycle, a flag that is needed. */
const changes: Record<string, Change> = {
  target: (api, random) => {
    const flag = anyFlag(random)
    return edited(api, 'PUT', at(flag), targeting(random, flag))
  },
  kill: (api, random) => api('PUT', `${at(anyFlag(random))}/kill`, { reason: 'random' }),
  killEverywhere: (api, random) =>
    api('PUT', `${PROJECT}/flags/${anyFlag(random)}/kill`, { reason: 'random' }),
  restoreKilled: async (api, random) => {
    const flag = anyFlag(random)
    const { body } = await api('GET', at(flag))
    return api('DELETE', `${at(flag)}/kill`, undefined, {
      'if-match': `"${body.kill?.id ?? '1.1.00000000'}"`,
    })
  },
  show: (api, random) =>
    edited(api, 'PATCH', `${PROJECT}/flags/${random.pick(SHOWN)}`, { browser: random.chance(0.6) }),
  archive: (api, random) => api('DELETE', `${PROJECT}/flags/${anyFlag(random)}`),
  unarchive: (api, random) => api('POST', `${PROJECT}/flags/${anyFlag(random)}/restore`),
  create: (api, random) => {
    const browser = random.chance(0.5)
    const key = `${browser ? 'shown' : 'hidden'}-${random.below(10 ** 9)}`
    return api('POST', `${PROJECT}/flags`, { key, name: key, type: 'boolean', browser })
  },
  regroup: (api, random) => {
    const segment = random.pick([...LISTS, ...CONDITIONS])
    const body = LISTS.includes(segment)
      ? { included: [`user-${random.below(100)}`], excluded: [`user-${random.below(100)}`] }
      : { any: [inCountry(random.pick(COUNTRIES))] }
    return edited(api, 'PUT', `${PROJECT}/segments/${segment}`, { name: segment, ...body })
  },
}

const LIKELY = ['target', 'target', 'target', 'kill', 'restoreKilled', 'show', 'regroup', 'unarchive']
const kinds = [...Object.keys(changes), ...LIKELY]

export function randomChange(api: Api, random: Random): Promise<Answer> {
  return changes[random.pick(kinds)]!(api, random)
}
