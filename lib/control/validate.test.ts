import { describe, expect, it } from 'vitest'
import { BOUNDS, type Condition, evaluate, parseConfig, type Rule } from '@/lib/evaluation'
import {
  browserProblem,
  type Checked,
  type Neighbour,
  segmentCycle,
  targetingErrors,
  type World,
} from './validate'

const flag = (changes: Partial<Checked> = {}): Checked => ({
  key: 'f',
  variants: { on: true, off: false },
  browser: false,
  offVariant: 'off',
  prerequisites: [],
  targets: [],
  rules: [],
  fallthrough: { variant: 'on' },
  ...changes,
})
const neighbour = (needs: string[] = [], changes: Partial<Neighbour> = {}): Neighbour => ({
  variants: ['on', 'off'],
  prerequisites: needs.map((key) => ({ flag: key, variants: ['on'] })),
  browser: false,
  ...changes,
})
const world = (
  flags: Record<string, Neighbour> = {},
  segments: Record<string, { refs?: string[]; lists?: boolean; any?: Condition[] }> = {},
  readable: World['readable'] = { country: 'public' },
): World => ({
  readable,
  flags: new Map(Object.entries(flags)),
  segments: new Map(
    Object.entries(segments).map(([key, { refs = [], lists = false, any = [] }]) => [
      key,
      { refs, lists, any },
    ]),
  ),
})
const needs = (...keys: string[]) => keys.map((key) => ({ flag: key, variants: ['on'] }))
const rule = (when: Condition, variant = 'on'): Rule => ({ id: 'r', when, serve: { variant } })
const said = (checked: Checked, around: World = world()) =>
  targetingErrors(checked, around).map(({ path, message }) => `${path}: ${message}`)

describe('targetingErrors', () => {
  it('has nothing against a flag that names what there is', () => {
    const around = world({ other: neighbour() }, { beta: {} })
    const checked = flag({
      prerequisites: needs('other'),
      targets: [{ variant: 'off', by: 'targetingKey', values: ['ana'] }],
      rules: [rule({ segment: 'beta' })],
      offVariant: null,
    })
    expect(said(checked, around)).toEqual([])
  })

  it('names every place that serves a variant the flag does not have', () => {
    const nowhere = (variant: string) => ({ variant })
    const rollout = { share: 1, split: [{ variant: 'a', weight: 100_000 }], rest: nowhere('b') }
    const checked = flag({
      offVariant: 'c',
      targets: [{ variant: 'd', by: 'targetingKey', values: ['x'] }],
      rules: [{ id: 'r', when: { all: [] }, serve: { rollout } }],
      fallthrough: nowhere('toString'),
    })
    expect(targetingErrors(checked, world()).map(({ path }) => path)).toEqual([
      'offVariant',
      'targets.0.variant',
      'rules.0.serve',
      'rules.0.serve',
      'fallthrough',
    ])
    expect(said(flag({ offVariant: 'c' }))).toEqual([
      'offVariant: flag "f" has no variant "c": use one of "on", "off"',
    ])
  })

  it('wants prerequisites that exist, with variants that they have', () => {
    expect(said(flag({ prerequisites: needs('nobody') }))).toEqual([
      'prerequisites.0: there is no flag "nobody" to need: create or restore it first',
    ])
    const around = world({ other: neighbour([], { variants: ['yes'] }) })
    expect(said(flag({ prerequisites: needs('other') }), around)).toEqual([
      'prerequisites.0: flag "other" has no variant "on": use one of "yes"',
    ])
  })

  it('wants segments that exist, however deep they are named', () => {
    const deep: Condition = { all: [{ any: [{ not: { segment: 'nobody' } }] }] }
    expect(said(flag({ rules: [rule({ all: [] }), rule(deep)] }))).toEqual([
      'rules.1.when: there is no segment "nobody": create it first',
    ])
  })

  it.each([
    ['itself', ['f'], {}],
    ['one that needs it', ['a'], { a: neighbour(['f']) }],
    ['one that needs it from afar', ['a'], { a: neighbour(['b']), b: neighbour(['c']), c: neighbour(['f']) }],
  ] as const)('never lets a flag need %s', (_, needed, flags) => {
    const errors = said(flag({ prerequisites: needs(...needed) }), world(flags))
    expect(errors.join()).toMatch(/cannot need itself|would need itself/)
  })

  it('sees what the flag is about to need, not what it needs now', () => {
    const flags = { f: neighbour(['a']), a: neighbour() }
    expect(said(flag({ key: 'a', prerequisites: [] }), world(flags))).toEqual([])
    expect(said(flag({ key: 'a', prerequisites: needs('f') }), world(flags)).join()).toContain(
      'would need itself',
    )
  })

  it('allows a tree as large as the engine evaluates, and not one node more', () => {
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length }, (_, i) => [`n${i}`, neighbour(i + 1 < length ? [`n${i + 1}`] : [])]),
      )
    const most = BOUNDS.prerequisiteNodes
    expect(said(flag({ prerequisites: needs('n0') }), world(chain(most - 1)))).toEqual([])
    expect(said(flag({ prerequisites: needs('n0') }), world(chain(most))).join()).toContain(
      `more than ${most} flags`,
    )
    expect(engineServes(most)).toBe(true)
    expect(engineServes(most + 1)).toBe(false)
  })

  it('counts a flag that is needed twice twice, and whoever stands above', () => {
    const wide = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`leaf${i}`, neighbour()]))
    const half = neighbour(Object.keys(wide).slice(0, 31))
    expect(said(flag({ prerequisites: needs('x') }), world({ ...wide, x: half }))).toEqual([])
    const twice = { ...wide, x: half, y: half }
    expect(said(flag({ prerequisites: needs('x', 'y') }), world(twice)).join()).toContain(
      'flag "f" would need',
    )
    const above = { ...wide, f: neighbour(), top: neighbour(['f', 'x']), x: half }
    expect(said(flag({ prerequisites: needs(...Object.keys(wide)) }), world(above)).join()).toContain(
      'flag "top" would need more',
    )
  })
})

/** Whether the engine itself gets through a chain of this many flags. */
function engineServes(nodes: number): boolean {
  const flags = Object.fromEntries(
    Array.from({ length: nodes }, (_, i) => [
      `n${i}`,
      {
        type: 'boolean',
        version: 1,
        on: true,
        variants: { on: true, off: false },
        offVariant: 'off',
        salt: 's',
        prerequisites: i + 1 < nodes ? needs(`n${i + 1}`) : [],
        targets: [],
        rules: [],
        fallthrough: { variant: 'on' },
      },
    ]),
  )
  const id = '1.1.00000000'
  const parsed = parseConfig({
    schema: 1,
    flagSetId: 'p/e',
    id,
    flags,
    segments: {},
    killed: [],
    killedAt: id,
  })
  return parsed.ok && evaluate(parsed.config, 'n0', {}, 0).variant === 'on'
}

describe('browserProblem', () => {
  const shown = (changes: Partial<Checked> = {}) => flag({ browser: true, ...changes })
  const targets = [{ variant: 'on', by: 'targetingKey', values: ['ana'] }]

  it('leaves flags alone that stay on servers', () => {
    expect(browserProblem(flag({ targets, prerequisites: needs('secret') }), world())).toBeNull()
  })

  it('minds nothing where no key ships rules', () => {
    expect(browserProblem(shown({ targets }), { ...world(), readable: null })).toBeNull()
  })

  const compares = (attribute: string): Condition => ({ attribute, op: 'is_set', values: [] })

  it('lets segments without lists out, and conditions on public attributes', () => {
    const when: Condition = { any: [{ segment: 'open' }, compares('country.code')] }
    const segments = { open: { refs: ['far'] }, far: { any: [compares('country')] } }
    expect(browserProblem(shown({ rules: [rule(when)] }), world({}, segments))).toBeNull()
  })

  it.each([
    ['individual targets', shown({ targets }), 'targets: individual targets would be readable'],
    [
      'a hidden prerequisite',
      shown({ prerequisites: needs('public', 'secret') }),
      'prerequisites.1: flag "secret"',
    ],
    ['a private attribute', shown({ rules: [rule(compares('plan'))] }), 'the private attribute "plan"'],
    [
      'a private attribute behind a segment',
      shown({ rules: [rule({ not: { segment: 'inside' } })] }),
      'rules.0.when: what the private attribute "email" is compared to',
    ],
    ['a list', shown({ rules: [rule({ segment: 'listed' })] }), 'rules.0.when: the list of segment "listed"'],
    [
      'a list behind another segment',
      shown({ rules: [rule({ all: [] }), rule({ not: { segment: 'outer' } })] }),
      'rules.1.when: the list of segment "listed"',
    ],
  ])('keeps back %s', (_, checked, message) => {
    const around = world(
      { public: neighbour([], { browser: true }), secret: neighbour() },
      {
        outer: { refs: ['listed'] },
        listed: { lists: true },
        inside: { refs: ['deep'] },
        deep: { any: [compares('email')] },
      },
    )
    expect(browserProblem(checked, around)).toContain(message)
  })
})

describe('segmentCycle', () => {
  const refs: Record<string, string[]> = { a: ['b'], b: ['c'], c: [] }
  const next = (key: string) => refs[key] ?? []

  it('finds a segment that would contain itself, however far', () => {
    expect(segmentCycle('c', [{ not: { segment: 'a' } }], next)).toBe('segment "c" would contain itself')
    expect(segmentCycle('c', [{ segment: 'c' }], next)).toBe('segment "c" would contain itself')
    expect(segmentCycle('d', [{ segment: 'a' }], next)).toBeNull()
    expect(segmentCycle('a', [{ segment: 'c' }], next)).toBeNull()
  })
})
