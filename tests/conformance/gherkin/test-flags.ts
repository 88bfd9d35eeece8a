import type { Flag } from '../../../lib/evaluation'
import { importFlagd } from '../../../lib/interop/flagd-import'
import { readSpecification } from './specification'

type TestFlag = {
  readonly variants: Readonly<Record<string, unknown>>
  readonly defaultVariant?: string | null
  readonly disabled?: boolean
  readonly flagMetadata?: Readonly<Record<string, string | number | boolean>> | null
  readonly contextEvaluator?: string
}

const isBallmer = { '==': [{ var: 'email' }, 'ballmer@macrosoft.com'] }
const isCustomer = { '==': [{ var: 'customer' }, true] }

/** The two conditions that the test flags hold in CEL, in the language of flagd. */
const targetings: Readonly<Record<string, object>> = {
  "email == 'ballmer@macrosoft.com' ? 'zero' : ''": { if: [isBallmer, 'zero'] },
  "!customer && email == 'ballmer@macrosoft.com' && age > 10 ? 'internal' : ''": {
    if: [{ and: [{ '!': [isCustomer] }, isBallmer, { '>': [{ var: 'age' }, 10] }] }, 'internal'],
  },
}

function definitionOf({ variants, defaultVariant, disabled, flagMetadata, contextEvaluator }: TestFlag) {
  const targeting = contextEvaluator === undefined ? {} : targetings[contextEvaluator]
  if (!targeting) throw new Error(`a condition without a translation: ${contextEvaluator}`)
  return {
    state: disabled ? 'DISABLED' : 'ENABLED',
    variants,
    defaultVariant: defaultVariant ?? null,
    targeting,
    metadata: flagMetadata ?? {},
  }
}

/** The flags that the specification's scenarios ask for, as Jackstaff has them. */
export function testFlags(): Readonly<Record<string, Flag>> {
  const given = JSON.parse(readSpecification('test-flags.json')) as Record<string, TestFlag>
  const definitions = Object.entries(given).map(([key, flag]) => [key, definitionOf(flag)])
  const { flags, omitted, inexact } = importFlagd({ flags: Object.fromEntries(definitions) })
  if (omitted.length + inexact.length > 0) throw new Error(JSON.stringify({ omitted, inexact }))
  return flags
}
