import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFlag } from '@/lib/evaluation/flag-reader'
import * as any from '../../tests/support/arbitrary-config'
import { compileFlag, compileSegment, reachable, refusedByProviders } from './compile'

type FlagRow = Parameters<typeof compileFlag>[0]
type TargetingRow = Parameters<typeof compileFlag>[1]

const row: FlagRow = {
  id: 1,
  projectId: 1,
  key: 'f',
  name: 'F',
  type: 'boolean',
  variants: { on: true, off: false },
  metadata: {},
  description: 'private',
  tags: ['private'],
  owner: 'ana@example.com',
  kind: 'release',
  browser: false,
  version: 3,
  createdAt: new Date(0),
  archivedAt: null,
}
const targeting: TargetingRow = {
  flagId: 1,
  environmentId: 1,
  on: true,
  offVariant: 'off',
  salt: 'f',
  prerequisites: [],
  targets: [],
  rules: [],
  fallthrough: { variant: 'on' },
  version: 5,
  compiled: null,
  updatedAt: new Date(0),
}

describe('compileFlag', () => {
  it('takes what decides, and nothing that describes', () => {
    expect(compileFlag(row, targeting, 42)).toEqual({
      version: 42,
      on: true,
      fallthrough: { variant: 'on' },
    })
  })
  it('leaves out disabled rules and what only people read', () => {
    const when = { segment: 'beta' }
    const rules = [
      { id: 'a', when, serve: { variant: 'on' }, disabled: true as const },
      { id: 'b', when, serve: { variant: 'off' }, comment: 'For the sale' },
    ]
    expect(compileFlag(row, { ...targeting, rules }, 42).rules).toEqual([
      { id: 'b', when, serve: { variant: 'off' } },
    ])
  })
  it('is canonical: equal rows give the same bytes, whatever order their columns come in', () => {
    const rows = any.flag.map(({ type, variants, metadata = {}, version: _, ...decided }) => ({
      flag: { ...row, type, variants: { ...variants }, metadata: { ...metadata } },
      targeting: { ...targeting, ...structuredClone(decided) } as TargetingRow,
      decided: { type, variants, ...decided },
    }))
    const reversed = <T extends object>(record: T) =>
      Object.fromEntries(Object.entries(record).reverse()) as T
    fc.assert(
      fc.property(rows, fc.nat(), ({ flag, targeting, decided }, version) => {
        const text = JSON.stringify(compileFlag(flag, targeting, version))
        expect(JSON.stringify(compileFlag(reversed(flag), reversed(targeting), version))).toBe(text)
        const { metadata = {}, ...read } = readFlag(flag.key, JSON.parse(text)).value!
        expect({ ...read, metadata }).toEqual({ ...decided, version, metadata: flag.metadata })
      }),
    )
  })
  it('carries metadata where there is some', () => {
    expect(compileFlag({ ...row, metadata: { team: 'a' } }, targeting, 1).metadata).toEqual({ team: 'a' })
  })
})

describe('compileSegment', () => {
  it('takes its members and conditions alone', () => {
    const lists = { by: 'email', included: ['a'], excluded: ['b'], any: [] }
    const segment = { id: 1, projectId: 1, key: 's', name: 'S', version: 1, createdAt: new Date(0), ...lists }
    expect(compileSegment(segment)).toEqual(lists)
  })
})

describe('reachable', () => {
  it('follows every name once, circles and gaps included', () => {
    const next: Record<string, string[]> = { a: ['b', 'c'], b: ['a'], c: ['missing'] }
    expect([...reachable(['a'], (key) => next[key] ?? [])].sort()).toEqual(['a', 'b', 'c', 'missing'])
    expect(reachable([], () => [])).toEqual(new Set())
  })
})

describe('refusedByProviders', () => {
  const flag = compileFlag(row, targeting, 1)
  it('lets pass what the parser of the providers takes, and what is removed', () => {
    expect(refusedByProviders({ f: flag, gone: null }, {})).toBeNull()
  })
  it('names the flag and the fault where it does not', () => {
    const broken = { ...flag, fallthrough: { variant: 'blue' } }
    expect(refusedByProviders({ f: flag, g: broken }, {})).toMatch(/^flag "g": .*blue/)
  })
})
