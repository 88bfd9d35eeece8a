import { describe, expect, it } from 'vitest'
import { evaluate, parseConfig, type Trace } from '@/lib/evaluation'
import { describeTrace } from './describe-trace'

const rollout = (share: number) => ({
  rollout: { share, split: [{ variant: 'on', weight: 100_000 }], rest: 'continue' },
})
const plan = { attribute: 'plan', op: 'is_one_of', values: ['pro', 'team'] }

/** Traces of the real engine. */
function lines(targeting: object, context: Record<string, unknown> = { targetingKey: 'user-1' }) {
  const flag = {
    type: 'boolean',
    version: 1,
    on: true,
    variants: { on: true, off: false },
    offVariant: 'off',
    salt: 'a',
    prerequisites: [],
    targets: [],
    rules: [],
    fallthrough: { variant: 'off' },
    ...targeting,
  }
  const segments = { beta: { by: 'targetingKey', included: ['ana'], excluded: [], any: [] } }
  const id = '1.1.00000000'
  const parsed = parseConfig({
    schema: 1,
    flagSetId: 'p/e',
    id,
    killed: [],
    killedAt: id,
    flags: { f: flag },
    segments,
  })
  if (!parsed.ok) throw new Error(parsed.error)
  expect(parsed.config.malformed()).toEqual({})
  const trace: Trace = []
  evaluate(parsed.config, 'f', context, 0, trace)
  return describeTrace(trace).map(({ label, decided, text }) => `${label} ${decided ? '=>' : '--'} ${text}`)
}

describe('describeTrace', () => {
  it('says why a rule was passed over', () => {
    const rules = [
      { id: 'a', name: 'Paying', when: plan, serve: { variant: 'on' } },
      { id: 'b', when: { all: [plan, { segment: 'beta' }] }, serve: { variant: 'on' } },
      { id: 'c', when: { segment: 'beta' }, serve: { variant: 'on' } },
    ]
    expect(lines({ rules }, { targetingKey: 'bo', plan: 'free' })).toEqual([
      'Paying -- does not match: plan is one of pro, team? plan is “free”',
      'Rule 2 -- does not match: plan is one of pro, team? plan is “free”',
      'Rule 3 -- does not match: not in segment beta',
      'Otherwise => no line above decided',
    ])
    expect(lines({ rules }, {})[0]).toContain('plan is missing')
  })

  it('shows the bucket and the share that it was held against', () => {
    const rule = (share: number) => ({ rules: [{ id: 'a', when: { all: [] }, serve: rollout(share) }] })
    const [outside, otherwise] = lines(rule(1))
    expect(outside).toMatch(
      /^Rule 1 -- matches, but the next line is asked: bucket [\d,]+ of 100,000 is outside the first 1$/,
    )
    expect(otherwise).toBe('Otherwise => no line above decided')
    expect(lines(rule(99_999))).toEqual([
      expect.stringMatching(/^Rule 1 => matches: bucket [\d,]+ of 100,000 is inside the first 99,999$/),
    ])
  })

  it('says when there is nothing to count by', () => {
    const serve = { rollout: { ...rollout(50_000).rollout, by: 'company' } }
    expect(lines({ rules: [{ id: 'a', when: { all: [] }, serve }] })[0]).toBe(
      'Rule 1 -- matches, but the context has no company to count by',
    )
  })

  it('names the state, or the list of individuals, where that decided', () => {
    expect(lines({ on: false })).toEqual(['State => off'])
    const targets = [{ variant: 'on', by: 'targetingKey', values: ['user-1'] }]
    expect(lines({ targets })).toEqual(['Always => named individually'])
  })
})
