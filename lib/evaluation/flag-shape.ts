import { BOUNDS } from './bounds'
import { isOperator, operators } from './operators'
import {
  boolean,
  type Check,
  fault,
  fields,
  inside,
  integer,
  list,
  must,
  oneOf,
  optional,
  record,
  show,
  string,
} from './shape'
import { parseTimestamp } from './timestamps'
import type { AttributeCondition } from './types'
import { isFlagType, isJson } from './values'

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]*$/
const RESERVED: ReadonlySet<unknown> = new Set(['__proto__', 'constructor', 'prototype'])

const SET_BY_ENGINE: ReadonlySet<unknown> = new Set([
  'flagSetId',
  'version',
  'rule',
  'killed',
  'prerequisite',
])

export const key = must(
  `a key of up to ${BOUNDS.keyLength} letters, digits, ".", "_" and "-" that starts with a letter or digit`,
  (input) =>
    typeof input === 'string' && input.length <= BOUNDS.keyLength && KEY.test(input) && !RESERVED.has(input),
)

const name = must(
  `a name of 1 to ${BOUNDS.keyLength} characters`,
  (input) => typeof input === 'string' && input !== '' && input.length <= BOUNDS.keyLength,
)

const metadataKey: Check = (input) => {
  if (SET_BY_ENGINE.has(input)) return fault(`${show(input)} is set by the engine; name it otherwise`)
  return RESERVED.has(input) ? fault(`${show(input)} cannot be a metadata key`) : name(input)
}

const metadataValue = must(
  'a string, a finite number, true or false',
  (input) => typeof input === 'string' || typeof input === 'boolean' || Number.isFinite(input),
)

const jsonValue = must(`JSON of at most ${BOUNDS.valueDepth} levels`, (input) =>
  isJson(input, BOUNDS.valueDepth),
)
const timestamp = must(
  'an RFC 3339 time, such as 2026-03-01T09:00:00Z',
  (input) => typeof input === 'string' && parseTimestamp(input) !== null,
)

const variant = fields({ variant: key })
const share = integer(0, BOUNDS.whole)

const serve = oneOf({
  variant,
  rollout: fields({
    rollout: fields({
      by: optional(name),
      salt: optional(string),
      share,
      split: list(fields({ variant: key, weight: optional(share) }), { from: 1 }),
      rest: (input) => (input === 'continue' ? null : variant(input)),
    }),
  }),
})

const comparedAttribute = fields({
  attribute: name,
  op: (input) => (isOperator(input) ? null : fault(`${show(input)} is not an operator this version knows`)),
  ignoreCase: optional(boolean),
  negate: optional(boolean),
})

/** What is wrong with a condition on an attribute. */
export const attributeConditionFault: Check = (input) => {
  const found = comparedAttribute(input)
  if (found) return found
  const { op, values, ignoreCase } = input as AttributeCondition
  if (ignoreCase && !operators[op].ignoresCase) return fault(`"${op}" cannot ignore case`)
  return inside('.values', operators[op].values(values))
}

const segmentCondition = fields({ segment: key, negate: optional(boolean) })

const tooDeep: Check = () => fault(`groups nest at most ${BOUNDS.conditionDepth} deep`)
let condition = conditionWith({ all: tooDeep, any: tooDeep, not: tooDeep })
for (let depth = 0; depth < BOUNDS.conditionDepth; depth++) {
  const group = list(condition)
  condition = conditionWith({
    all: fields({ all: group }),
    any: fields({ any: group }),
    not: fields({ not: condition }),
  })
}

function conditionWith(groups: Readonly<Record<'all' | 'any' | 'not', Check>>): Check {
  return oneOf({ ...groups, attribute: attributeConditionFault, segment: segmentCondition })
}

const rule = fields({
  id: name,
  name: optional(string),
  when: condition,
  serve,
  from: optional(timestamp),
  until: optional(timestamp),
})

export const flagShape = fields({
  type: optional(must('boolean, string, number or object', (input) => isFlagType(input))),
  version: integer(0, Number.MAX_SAFE_INTEGER),
  on: boolean,
  variants: optional(record(key, jsonValue)),
  offVariant: optional((input) => (input === null ? null : key(input))),
  salt: optional(string),
  prerequisites: optional(
    list(fields({ flag: key, variants: list(key, { from: 1 }) }), { to: BOUNDS.prerequisiteNodes - 1 }),
  ),
  targets: optional(
    list(fields({ variant: key, by: name, values: list(string, { to: BOUNDS.conditionValues }) })),
  ),
  rules: optional(list(rule, { to: BOUNDS.rules })),
  fallthrough: serve,
  metadata: optional(record(metadataKey, metadataValue)),
})

const ids = list(string, { to: BOUNDS.segmentIds })

export const segmentShape = fields({ by: name, included: ids, excluded: ids, any: list(condition) })
