import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aFlag, parsed } from '../../tests/support/build-config'
import { changedFlags } from './changed-flags'
import { changedKills } from './parsed-config'
import type { Config, Flag, Segment } from './types'

const segment = (changes: Partial<Segment> = {}): Segment => ({
  by: 'targetingKey',
  included: ['u1'],
  excluded: [],
  any: [],
  ...changes,
})
const reaching = (name: string): Flag =>
  aFlag({ rules: [{ id: 'r', when: { not: { segment: name } }, serve: { variant: 'on' } }] })
const needing = (...keys: string[]): Flag =>
  aFlag({ prerequisites: keys.map((flag) => ({ flag, variants: ['on'] })) })

function changed(before: Partial<Config>, after: Partial<Config>): string[] {
  return changedFlags(parsed(before), parsed({ id: '1.2.00000002', ...after }))
}

describe('changedFlags', () => {
  it('names every flag when there was nothing before, malformed ones too', () => {
    const after = parsed({ flags: { b: aFlag(), a: aFlag(), bad: {} as never } })
    expect(changedFlags(null, after)).toEqual(['a', 'b', 'bad'])
  })

  it('names nothing when equal flags come in other objects, with keys in another order', () => {
    const reordered = aFlag({ variants: { off: false, on: true } })
    expect(changed({ flags: { a: aFlag() } }, { flags: { a: reordered } })).toEqual([])
  })

  it('names what was added, removed, edited or became malformed, and nothing else', () => {
    const before = {
      added: undefined,
      edited: aFlag(),
      kept: aFlag(),
      removed: aFlag(),
      spoilt: aFlag(),
    } as never
    const after = { added: aFlag(), edited: aFlag({ on: false }), kept: aFlag(), spoilt: {} } as never
    expect(changed({ flags: before }, { flags: after })).toEqual(['added', 'edited', 'removed', 'spoilt'])
  })

  it('names what was killed and what was revived', () => {
    const flags = { a: aFlag(), b: aFlag(), c: aFlag() }
    expect(changed({ flags, killed: ['a', 'c'] }, { flags, killed: ['b', 'c', 'gone'] })).toEqual(['a', 'b'])
  })

  it('names flags that reach a changed segment through other segments', () => {
    const flags = { direct: reaching('inner'), far: reaching('outer'), no: reaching('other'), none: aFlag() }
    const outer = segment({ any: [{ all: [{ segment: 'middle' }] }] })
    const segments = {
      inner: segment(),
      middle: segment({ any: [{ segment: 'inner' }] }),
      outer,
      other: segment(),
    }
    const edited = { ...segments, inner: segment({ included: ['u2'] }) }
    expect(changed({ flags, segments }, { flags, segments: edited })).toEqual(['direct', 'far'])
  })

  it('passes over segments that are malformed, or name what is not there', () => {
    const flags = { a: reaching('s'), b: reaching('t') }
    const segments = {
      s: segment(),
      t: segment({ any: [{ segment: 'gone' }] }),
      bad: {} as never,
      none: null as never,
    }
    const edited = { ...segments, s: segment({ included: ['u2'] }) }
    expect(changed({ flags, segments }, { flags, segments: edited })).toEqual(['a'])
  })

  it('names the dependants of a changed flag, however far, and survives a cycle', () => {
    const flags = {
      root: aFlag(),
      child: needing('root'),
      grandchild: needing('child'),
      ring: needing('ring'),
    }
    expect(changed({ flags }, { flags: { ...flags, root: aFlag({ on: false }) } })).toEqual([
      'child',
      'grandchild',
      'root',
    ])
    expect(changed({ flags }, { flags, killed: ['root'] })).toEqual(['child', 'grandchild', 'root'])
    expect(changed({ flags }, { flags: { ...flags, ring: needing('ring', 'root') } })).toEqual(['ring'])
  })

  it('names all that need one flag or reach one segment', () => {
    const flags = {
      root: aFlag(),
      b: needing('root'),
      c: needing('root'),
      d: reaching('s'),
      e: reaching('s'),
    }
    const segments = { s: segment() }
    const edited = { flags: { ...flags, root: aFlag({ on: false }) }, segments }
    expect(changed({ flags, segments }, edited)).toEqual(['b', 'c', 'root'])
    expect(changed({ flags, segments }, { flags, segments: { s: segment({ by: 'id' }) } })).toEqual([
      'd',
      'e',
    ])
  })

  it('leaves out off and killed flags that could not have answered otherwise', () => {
    const flags = {
      root: aFlag(),
      off: { ...needing('root'), on: false },
      behind: needing('off'),
      killed: needing('root'),
      offBySegment: { ...reaching('s'), on: false },
    }
    const before = { flags, segments: { s: segment() }, killed: ['killed'] }
    const after = {
      ...before,
      flags: { ...flags, root: aFlag({ on: false }) },
      segments: { s: segment({ by: 'id' }) },
    }
    expect(changed(before, after)).toEqual(['root'])
  })

  it('names every flag when the flag set is another', () => {
    const flags = { a: aFlag() }
    expect(changed({ flags }, { flags, flagSetId: 'shop/staging' })).toEqual(['a'])
  })
})

describe('kills that changed', () => {
  it('are those in one list alone, whatever the order and however often', () => {
    const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 12 })
    fc.assert(
      fc.property(keys, keys, keys, keys, (start, before, after, end) => {
        const [was, is] = [
          [...start, ...before, ...end],
          [...start, ...after, ...end],
        ]
        const either = new Set([...was, ...is])
        const expected = [...either].filter((key) => was.includes(key) !== is.includes(key))
        expect([...new Set(changedKills(was, is))].sort()).toEqual(expected.sort())
      }),
    )
  })
})
