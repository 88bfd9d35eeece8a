import type { Choice } from '@/app/_ui/select'
import { phrases } from '@/lib/describe'
import type { AttributeCondition, Operator } from '@/lib/evaluation/types'

/** An operator or its contrary. */
export type Phrase = `${Operator}` | `not ${Operator}`

export const phraseOf = ({ op, negate }: Pick<AttributeCondition, 'op' | 'negate'>): Phrase =>
  negate ? `not ${op}` : op

export const readPhrase = (phrase: Phrase) => ({
  op: phrase.replace('not ', '') as Operator,
  negate: phrase.startsWith('not '),
})

const families: readonly { group?: string; phrases: readonly Phrase[] }[] = [
  { phrases: ['is_one_of', 'not is_one_of', 'is_set', 'is_not_set'] },
  {
    group: 'Text',
    phrases: [
      'contains',
      'not contains',
      'starts_with',
      'not starts_with',
      'ends_with',
      'not ends_with',
      'matches',
      'not matches',
    ],
  },
  { group: 'Number', phrases: ['eq', 'not eq', 'lt', 'lte', 'gt', 'gte', 'between', 'not between'] },
  {
    group: 'Time',
    phrases: [
      'before',
      'not before',
      'after',
      'not after',
      'within_last',
      'not within_last',
      'older_than',
      'not older_than',
    ],
  },
  {
    group: 'Version',
    phrases: [
      'semver_eq',
      'not semver_eq',
      'semver_lt',
      'semver_lte',
      'semver_gt',
      'semver_gte',
      'semver_in_range',
      'not semver_in_range',
    ],
  },
  { group: 'List', phrases: ['has_any', 'has_none', 'has_all', 'not has_all'] },
  { group: 'Network', phrases: ['ip_in_cidr', 'not ip_in_cidr'] },
]

function choice(phrase: Phrase, group?: string): Choice<Phrase> {
  const { op, negate } = readPhrase(phrase)
  return { value: phrase, label: phrases[op][negate ? 'not' : 'is'], ...(group && { group }) }
}

const offered = families.flatMap(({ group, phrases }) => phrases.map((phrase) => choice(phrase, group)))

/** The menu. A contrary that another operator says is not in it, except where it is what the condition has. */
export function operatorChoices(current: Phrase): Choice<Phrase>[] {
  return offered.some(({ value }) => value === current) ? offered : [...offered, choice(current, 'Other')]
}
