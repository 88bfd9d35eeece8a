import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate, parseConfig } from '@/lib/evaluation'
import type { Condition } from '@/lib/evaluation/types'
import { condition } from '../../../tests/support/arbitrary-config'
import { conditionOf, fits, type Group, groupOf, heightOf, newGroup, pathOfItem, rootOf } from './groups'

const is = (value: string): Condition => ({ attribute: 'plan', op: 'is_one_of', values: [value] })

const at = (when: unknown, path: string): unknown =>
  path.split('.').reduce((inner, part) => (inner as Record<string, unknown>)[part], when)

/** Takes a condition apart to its questions, and puts it together again. */
function rewritten(when: Condition): Condition {
  const group = groupOf(when)
  return group ? conditionOf({ ...group, items: group.items.map(rewritten) }) : when
}

describe('groups of conditions', () => {
  it('are written back as they were read, however deep', () => {
    fc.assert(
      fc.property(condition, (when) => {
        expect(rewritten(when)).toEqual(when)
      }),
    )
  })

  it('know where their items stand', () => {
    fc.assert(
      fc.property(condition, (when) => {
        const group = groupOf(when)
        for (const [index, item] of (group?.items ?? []).entries())
          expect(at(when, pathOfItem(group!, index))).toEqual(item)
      }),
    )
  })

  it('of one contrary take more of them', () => {
    const group = groupOf({ not: is('pro') })!
    expect(group).toMatchObject({ kind: 'none', bare: true })
    expect(conditionOf({ ...group, items: [is('pro'), is('team')] })).toEqual({
      not: { any: [is('pro'), is('team')] },
    })
    expect(conditionOf({ ...group, items: [{ any: [is('pro')] }] })).toEqual({
      not: { any: [{ any: [is('pro')] }] },
    })
    expect(conditionOf({ ...group, kind: 'all' })).toEqual({ all: [is('pro')] })
  })

  it('let one question of a rule stand alone', () => {
    const of = (kind: Group['kind'], items: Condition[]) => rootOf({ kind, items, bare: false })
    expect(of('all', [is('pro')])).toEqual(is('pro'))
    expect(of('any', [is('pro')])).toEqual(is('pro'))
    expect(of('none', [is('pro')])).toEqual({ not: { any: [is('pro')] } })
    expect(of('all', [{ any: [is('pro')] }])).toEqual({ all: [{ any: [is('pro')] }] })
    expect(of('all', [])).toEqual({ all: [] })
  })

  it('fit exactly where the engine takes them', () => {
    const nested = (depth: number): Condition => (depth === 0 ? is('pro') : { all: [nested(depth - 1)] })
    const on = { variant: 'on' }
    const flag = (when: Condition) => ({
      on: true,
      version: 1,
      rules: [{ id: 'r', when, serve: on }],
      fallthrough: { variant: 'off' },
    })
    const takes = (when: Condition) => {
      const id = '1.1.00000000'
      const config = { schema: 1, flagSetId: 'a/b', id, killed: [], killedAt: id, segments: {} }
      const parsed = parseConfig({ ...config, flags: { f: flag(when) } })
      return parsed.ok && evaluate(parsed.config, 'f', { plan: 'pro' }, 0).reason !== 'ERROR'
    }
    for (const when of [nested(5), nested(6), { not: { any: [nested(3)] } }, { not: { any: [nested(4)] } }])
      expect([heightOf(when), fits(when, 0)]).toEqual([heightOf(when), takes(when)])
    expect(fits(nested(2), 3)).toBe(true)
    expect(fits(nested(2), 4)).toBe(false)
  })

  it('begin with what the group around them does not say', () => {
    expect(newGroup('all')).toHaveProperty('any')
    expect(newGroup('none')).toHaveProperty('all')
  })
})
