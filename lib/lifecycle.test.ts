import { expect, it } from 'vitest'
import { lifecycleOf } from './lifecycle'

const NOW = Date.parse('2026-11-26T00:00:00Z')
const daysAgo = (days: number) => new Date(NOW - days * 86_400_000).toISOString()

type Flag = Parameters<typeof lifecycleOf>[0]
const served = (variant: string, updatedAt: string, more: object = {}) => ({
  on: true,
  offVariant: 'off',
  prerequisites: [],
  targets: [],
  rules: [],
  fallthrough: { variant },
  salt: 's',
  version: 1,
  updatedAt,
  kill: null,
  ...more,
})
const flag = (more: Partial<Flag>): Flag => ({
  createdAt: daysAgo(100),
  lastEvaluatedAt: daysAgo(1),
  kind: 'release',
  environments: { production: served('on', daysAgo(1)) },
  ...more,
})
const long = { production: served('on', daysAgo(20)), staging: served('on', daysAgo(40)) }

it.each<[string, Partial<Flag>, string]>([
  ['made yesterday and asked for by nobody', { createdAt: daysAgo(1), lastEvaluatedAt: null }, 'new'],
  ['made yesterday and asked for', { createdAt: daysAgo(1) }, 'live'],
  ['asked for by nobody in a month', { lastEvaluatedAt: daysAgo(31) }, 'stale'],
  ['never asked for, and old', { lastEvaluatedAt: null }, 'stale'],
  ['the same for everybody for weeks', { environments: long }, 'launched'],
  ['the same for everybody since yesterday', {}, 'live'],
  [
    'the same everywhere but in one place',
    { environments: { ...long, dev: served('off', daysAgo(50)) } },
    'live',
  ],
  [
    'off everywhere for weeks',
    { environments: { production: served('on', daysAgo(20), { on: false }) } },
    'live',
  ],
  ['a switch of operations', { environments: long, kind: 'ops' }, 'live'],
  [
    'by a rule, though the rest is the same',
    { environments: { production: served('on', daysAgo(20), { rules: [{ id: 'r' }] }) } },
    'live',
  ],
])('a flag that is %s is %s', (_, more, lifecycle) => {
  expect(lifecycleOf(flag(more), NOW)).toBe(lifecycle)
})
