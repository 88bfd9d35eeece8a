import { aFlag } from './build-config'
import { configOf, idOf } from './configs'

export const list = [1, [2]]

const german = {
  id: 'r-de',
  when: { attribute: 'country', op: 'is_one_of', values: ['DE'] },
  serve: { variant: 'on' },
} as const
const pro = {
  id: 'r-plan',
  when: { attribute: 'organization.plan', op: 'is_one_of', values: ['pro'] },
  serve: { variant: 'on' },
} as const

/** One flag for each way in which a flag can answer. */
const flags = {
  boolean: aFlag(),
  string: aFlag({ type: 'string', variants: { on: 'text', off: '' } }),
  number: aFlag({ type: 'number', variants: { on: 42.5, off: 0 } }),
  object: aFlag({ type: 'object', variants: { on: { a: list }, off: {} } }),
  list: aFlag({ type: 'object', variants: { on: list, off: [] } }),
  malformed: aFlag({ variants: { on: 'yes', off: false } }),
  switchedOff: aFlag({ on: false }),
  offToDefault: aFlag({ on: false, offVariant: null }),
  killed: aFlag({ version: 7 }),
  dependant: aFlag({ prerequisites: [{ flag: 'killed', variants: ['on'] }] }),
  german: aFlag({
    metadata: { owner: 'checkout', priority: 1, beta: true },
    rules: [german, pro],
    fallthrough: { variant: 'off' },
  }),
  half: aFlag({
    fallthrough: {
      rollout: { share: 50_000, split: [{ variant: 'on', weight: 100_000 }], rest: { variant: 'off' } },
    },
  }),
} as const

export const evaluationConfig = configOf(9, flags, { killed: ['killed'], killedAt: idOf(8) })
