import { BOUNDS } from './bounds'
import { type Fault, fault, inside, show } from './shape'
import { parseTimestamp } from './timestamps'
import type { Flag, Rule, Serve } from './types'
import { isOfType } from './values'

/** The faults of a flag that show only once its fields are seen together. */
export function flagSense(flag: Flag): Fault | null {
  return (
    wrongValue(flag) ??
    unknownNames(flag) ??
    repeatedRule(flag.rules) ??
    firstFault(flag.rules, 'rules', wrongWindow) ??
    firstFault(flag.rules, 'rules', ({ serve }) => inside('.serve', wrongWeights(serve))) ??
    inside('.fallthrough', wrongWeights(flag.fallthrough) ?? continues(flag.fallthrough))
  )
}

function wrongValue({ type, variants }: Flag): Fault | null {
  for (const name of Object.keys(variants)) {
    const value = variants[name]
    if (!isOfType(type, value))
      return fault(`variant "${name}" is ${show(value)}: it must be of type ${type}`)
  }
  return null
}

function unknownNames(flag: Flag): Fault | null {
  const unknown = (variant: string) =>
    Object.hasOwn(flag.variants, variant)
      ? null
      : fault(`there is no variant "${variant}"; the flag has ${listed(Object.keys(flag.variants))}`)
  const unknownInServe = (serve: Serve): Fault | null => {
    if ('variant' in serve) return unknown(serve.variant)
    const { split, rest } = serve.rollout
    return (
      firstFault(split, '.rollout.split', ({ variant }) => unknown(variant)) ??
      (rest === 'continue' ? null : inside('.rollout.rest', unknown(rest.variant)))
    )
  }
  return (
    (flag.offVariant === null ? null : inside('offVariant', unknown(flag.offVariant))) ??
    firstFault(flag.targets, 'targets', ({ variant }) => unknown(variant)) ??
    firstFault(flag.rules, 'rules', ({ serve }) => inside('.serve', unknownInServe(serve))) ??
    inside('fallthrough', unknownInServe(flag.fallthrough))
  )
}

function repeatedRule(rules: readonly Rule[]): Fault | null {
  const seen = new Set<string>()
  return firstFault(rules, 'rules', ({ id }) => {
    if (seen.has(id)) return fault(`the id "${id}" is taken by an earlier rule: ids must differ`)
    seen.add(id)
    return null
  })
}

function wrongWindow({ from, until }: Rule): Fault | null {
  if (from === undefined || until === undefined || parseTimestamp(from)! < parseTimestamp(until)!) return null
  return fault(`the window ends at ${until}, not after its start at ${from}`)
}

function wrongWeights(serve: Serve): Fault | null {
  if ('variant' in serve) return null
  const { split } = serve.rollout
  const sum = split.reduce((total, { weight }) => total + weight, 0)
  if (sum === BOUNDS.whole) return null
  const weights = listed(split.map(({ variant, weight }) => `${variant} ${weight}`))
  return fault(`weights must add up to ${BOUNDS.whole}, not ${sum}: ${weights}`)
}

function continues(fallthrough: Serve): Fault | null {
  if ('variant' in fallthrough || fallthrough.rollout.rest !== 'continue') return null
  return fault('no rule follows the fallthrough: its rest must be a variant')
}

function firstFault<T>(list: readonly T[], path: string, find: (entry: T) => Fault | null): Fault | null {
  for (let i = 0; i < list.length; i++) {
    const found = find(list[i]!)
    if (found) return inside(`${path}[${i}]`, found)
  }
  return null
}

const LISTED = 10 // names; a message is read by a person

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none'
  return names.slice(0, LISTED).join(', ') + (names.length > LISTED ? ', ...' : '')
}
