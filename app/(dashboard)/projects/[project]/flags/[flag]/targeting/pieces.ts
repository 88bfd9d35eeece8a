import type { Piece } from '@/app/_components/review/parts'
import type { Targeting } from '@/lib/control/views'
import { describeOff, describeRule, describeServe } from '@/lib/describe'

const NAMED = 5 // people spelled out before "and 4 more"

type OfTargeting = Piece<Targeting>
type Rule = Targeting['rules'][number]
type Target = Targeting['targets'][number]

const ids = (rules: readonly Rule[]) => rules.map(({ id }) => id)
const ruleOf = (targeting: Targeting, id: string) => targeting.rules.find((rule) => rule.id === id)
const neededOf = (targeting: Targeting, flag: string) =>
  targeting.prerequisites.find((one) => one.flag === flag)

/** The rule of another targeting, after the one that it follows there; none where there is none. */
function takeRule(targeting: Targeting, from: Targeting, id: string): Targeting {
  const rule = ruleOf(from, id)
  if (!rule) return { ...targeting, rules: targeting.rules.filter((one) => one.id !== id) }
  if (ruleOf(targeting, id)) {
    return { ...targeting, rules: targeting.rules.map((one) => (one.id === id ? rule : one)) }
  }
  const earlier = from.rules.slice(0, from.rules.indexOf(rule)).findLast((one) => ruleOf(targeting, one.id))
  const rules = [...targeting.rules]
  rules.splice(earlier ? ids(rules).indexOf(earlier.id) + 1 : 0, 0, rule)
  return { ...targeting, rules }
}

const rulePiece = (id: string, name: string): OfTargeting => ({
  id: `rule ${id}`,
  name,
  of: (targeting) => ruleOf(targeting, id),
  take: (targeting, from) => takeRule(targeting, from, id),
  describe: (targeting) => {
    const rule = ruleOf(targeting, id)
    return rule ? describeRule(rule) : 'No such rule'
  },
})

/** The order of those rules that all three have. */
function orderPiece(all: readonly Targeting[]): OfTargeting {
  const order = ({ rules }: Targeting) => ids(rules).filter((id) => all.every((one) => ruleOf(one, id)))
  const [base] = all
  return {
    id: 'order',
    name: 'Order of rules',
    of: order,
    take: (targeting, from) => {
      const next = order(from).map((id) => ruleOf(targeting, id)!)
      const shared = new Set(next)
      const rules = targeting.rules.map((rule) => (shared.has(rule) ? next.shift()! : rule))
      return { ...targeting, rules }
    },
    describe: (targeting) =>
      order(targeting)
        .map((id) => ruleOf(targeting, id)?.name ?? `rule ${ids(base!.rules).indexOf(id) + 1}`)
        .join(', then '),
  }
}

const prerequisitePiece = (flag: string): OfTargeting => ({
  id: `needs ${flag}`,
  name: `Needs ${flag}`,
  of: (targeting) => neededOf(targeting, flag),
  take: (targeting, from) => {
    const next = neededOf(from, flag)
    const others = targeting.prerequisites.filter((one) => one.flag !== flag)
    return { ...targeting, prerequisites: next ? [...others, next] : others }
  },
  describe: (targeting) => {
    const prerequisite = neededOf(targeting, flag)
    return prerequisite ? `To serve ${prerequisite.variants.join(' or ')}` : 'Not needed'
  },
})

/** Variants by person, who is an attribute and its value as one text. */
const personsOf = ({ targets }: Targeting) =>
  new Map(
    targets.flatMap(({ by, variant, values }) =>
      values.map((value) => [JSON.stringify([by, value]), variant] as const),
    ),
  )

/** Takes people from where they are to where they are in `from`. */
function takePersons(targeting: Targeting, from: Targeting, persons: ReadonlySet<string>): Targeting {
  const isOne = (by: string, value: string) => persons.has(JSON.stringify([by, value]))
  const keep = ({ values, ...target }: Target, whether: boolean): Target => ({
    ...target,
    values: values.filter((value) => isOne(target.by, value) === whether),
  })
  const targets = targeting.targets.map((target) => keep(target, false))
  for (const { by, variant, values } of from.targets.map((target) => keep(target, true))) {
    if (values.length === 0) continue
    const there = targets.find((target) => target.by === by && target.variant === variant)
    if (!there) targets.push({ variant, by, values })
    else targets[targets.indexOf(there)] = { ...there, values: [...there.values, ...values] }
  }
  return { ...targeting, targets: targets.filter(({ values }) => values.length > 0) }
}

/** "Always on for ana, bo; nothing by name for cy" */
function describePersons(targeting: Targeting, persons: ReadonlySet<string>): string {
  const served = personsOf(targeting)
  const groups = new Map<string, string[]>()
  for (const person of persons) {
    const [by, value] = JSON.parse(person) as [string, string]
    const variant = served.get(person)
    const said = variant === undefined ? 'Nothing by name for' : `Always ${variant} for`
    groups.set(said, [...(groups.get(said) ?? []), by === 'targetingKey' ? value : `${by} ${value}`])
  }
  const names = (people: string[]) =>
    people.length > NAMED
      ? `${people.slice(0, NAMED).join(', ')} and ${people.length - NAMED} more`
      : people.join(', ')
  return [...groups].map(([said, people]) => `${said} ${names(people)}`).join('; ')
}

const peoplePiece = (id: string, persons: ReadonlySet<string>): OfTargeting => ({
  id,
  name: 'Individuals',
  of: (targeting) => {
    const served = personsOf(targeting)
    return [...persons].map((person) => served.get(person) ?? null)
  },
  take: (targeting, from) => takePersons(targeting, from, persons),
  describe: (targeting) => describePersons(targeting, persons),
})

/** Those whom both changed, and those whom one did: the latter never clash. */
function peoplePieces([base, mine, theirs]: readonly [Targeting, Targeting, Targeting]): OfTargeting[] {
  const [was, ours, other] = [personsOf(base), personsOf(mine), personsOf(theirs)]
  const everyone = [...new Set([...was.keys(), ...ours.keys(), ...other.keys()])]
  const isBoth = (person: string) =>
    was.get(person) !== ours.get(person) && was.get(person) !== other.get(person)
  const isMine = (person: string) =>
    was.get(person) !== ours.get(person) && was.get(person) === other.get(person)
  const isTheirs = (person: string) =>
    was.get(person) === ours.get(person) && was.get(person) !== other.get(person)
  return [
    peoplePiece('people of both', new Set(everyone.filter(isBoth))),
    peoplePiece('people of mine', new Set(everyone.filter(isMine))),
    peoplePiece('people of theirs', new Set(everyone.filter(isTheirs))),
  ]
}

const field = <K extends 'on' | 'offVariant' | 'fallthrough'>(
  key: K,
  name: string,
  describe: (value: Targeting[K]) => string,
): OfTargeting => ({
  id: key,
  name,
  of: (targeting) => targeting[key],
  take: (targeting, from) => ({ ...targeting, [key]: from[key] }),
  describe: (targeting) => describe(targeting[key]),
})

/** Everything of a targeting that can be changed for itself, in the order of the editor. */
export function piecesOf(all: readonly [base: Targeting, mine: Targeting, theirs: Targeting]): OfTargeting[] {
  const rules = new Map<string, string>()
  for (const targeting of all)
    for (const [i, { id, name }] of targeting.rules.entries())
      if (!rules.has(id)) rules.set(id, name ? `Rule ${i + 1} (${name})` : `Rule ${i + 1}`)
  const flags = new Set(all.flatMap(({ prerequisites }) => prerequisites.map(({ flag }) => flag)))
  return [
    field('on', 'State', (on) => (on ? 'On' : 'Off')),
    field('offVariant', 'When off', (variant) => `Serves ${describeOff(variant)}`),
    ...[...flags].map(prerequisitePiece),
    ...peoplePieces(all),
    ...[...rules].map(([id, name]) => rulePiece(id, name)),
    orderPiece(all),
    field('fallthrough', 'Otherwise', (serve) => `Serves ${describeServe(serve)}`),
  ]
}
