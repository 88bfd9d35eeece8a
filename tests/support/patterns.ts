import type { Flag } from '../../lib/evaluation'
import { aFlag } from './build-config'

/** A flag that is on for whoever has an attribute `a` that matches one of these; without any, it has no rule. */
export function matching(...patterns: string[]): Flag {
  const when = { attribute: 'a', op: 'matches', values: patterns } as const
  const rules = patterns.length === 0 ? [] : [{ id: 'r', when, serve: { variant: 'on' } }]
  return aFlag({ rules, fallthrough: { variant: 'off' } })
}
