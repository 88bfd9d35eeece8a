import { z } from 'zod'
import {
  attributeConditionFault,
  BOUNDS,
  type Condition,
  type JsonValue,
  type Operator,
  operators,
  type Serve,
} from '@/lib/evaluation'
import { windowProblem } from '@/lib/rule-window'

// The bounds are those of the config (docs/evaluation.md): what passes here, every provider accepts.

const RESERVED = new Set(['__proto__', 'constructor', 'prototype'])
const KEY_RULE = 'use 1 to 128 letters, digits, ".", "_" or "-", starting with a letter or digit'

export const key = z
  .string()
  .max(128, KEY_RULE)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, KEY_RULE)
  .refine((value) => !RESERVED.has(value), 'this name is reserved')

export const name = z.string().trim().min(1, 'a name is needed').max(200, 'at most 200 characters')
const attribute = z.string().min(1, 'name an attribute').max(200, 'at most 200 characters')
export const text = z.string().max(2_000, 'at most 2,000 characters')

/** Names a thing that may have been created under older rules: looked up, never stored. */
export const ref = z.string().min(1).max(128)

const MAX_JSON_DEPTH = 20

function depth(value: unknown, left = MAX_JSON_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return true
  return left > 0 && Object.values(value).every((inner) => depth(inner, left - 1))
}

export const jsonValue = z
  .json()
  .refine((value) => depth(value), `at most ${MAX_JSON_DEPTH} levels deep`)
  .meta({ title: 'AnyJson' }) as unknown as z.ZodType<JsonValue>

export const flagType = z.enum(['boolean', 'string', 'number', 'object'])
export const flagKind = z.enum(['release', 'experiment', 'ops', 'permission'])

export const variants = z
  .record(key, jsonValue)
  .refine((value) => Object.keys(value).length >= 1, 'a flag needs at least one variant')
  .refine((value) => Object.keys(value).length <= 100, 'at most 100 variants')

const scalar = z.union([z.string().max(1_000, 'at most 1,000 characters'), z.number(), z.boolean()], {
  error: 'use a text of at most 1,000 characters, a finite number, true or false',
})
const operator = z
  .enum(Object.keys(operators) as [Operator, ...Operator[]], {
    error: ({ input }) =>
      `there is no operator ${JSON.stringify(input)?.slice(0, 60)}: use one of ${Object.keys(operators).join(', ')}`,
  })
  .meta({ title: 'OperatorInput' })

/** What an operator takes is for the engine to say, so that no provider refuses what is accepted here. */
const attributeCondition = z
  .strictObject({
    attribute,
    op: operator,
    values: z.array(scalar).max(BOUNDS.conditionValues, 'at most 5,000 values'),
    ignoreCase: z.boolean().optional(),
    negate: z.boolean().optional(),
  })
  .superRefine((condition, issue) => {
    const fault = attributeConditionFault(condition)
    if (!fault) return
    const path = [...fault.path.matchAll(/\w+/g)].map(([part]) => part)
    issue.addIssue({ code: 'custom', path, message: fault.message })
  })
  .meta({ title: 'AttributeConditionInput' })

function conditionAt(level: number): z.ZodType<Condition> {
  const title = level === 1 ? 'ConditionInput' : `ConditionInputLevel${level}`
  const leaves = [
    attributeCondition,
    z.strictObject({ segment: key, negate: z.boolean().optional() }),
  ] as const
  if (level > BOUNDS.conditionDepth) {
    const group = z.never(`groups nest at most ${BOUNDS.conditionDepth} deep`)
    const deeper = ['all', 'any', 'not'].map((name) => z.strictObject({ [name]: group }))
    return z.union([...leaves, ...deeper]).meta({ title }) as unknown as z.ZodType<Condition>
  }
  const inner = z.lazy(() => conditionAt(level + 1))
  return z
    .union([
      ...leaves,
      z.strictObject({ all: z.array(inner).max(200) }),
      z.strictObject({ any: z.array(inner).max(200) }),
      z.strictObject({ not: inner }),
    ])
    .meta({ title })
}

export const condition = conditionAt(1)

const weight = z.int('use whole steps of 0.001 %').min(0).max(BOUNDS.whole)

const rollout = z
  .strictObject({
    by: attribute.optional(),
    salt: z.string().min(1).max(200).optional(),
    share: weight,
    split: z
      .array(z.strictObject({ variant: key, weight }))
      .min(1)
      .max(100),
    rest: z.union([z.literal('continue'), z.strictObject({ variant: key })]),
  })
  .superRefine(({ split }, issue) => {
    const sum = split.reduce((total, part) => total + part.weight, 0)
    if (sum === 100_000) return
    const parts = split.map((part) => `"${part.variant}" ${part.weight / 1000} %`).join(', ')
    const message = `${parts}: weights must add up to 100 % (100000), these are ${sum / 1000} %`
    issue.addIssue({ code: 'custom', path: ['split'], message })
  })
  .meta({ title: 'RolloutInput' })

const serve: z.ZodType<Serve> = z
  .union([z.strictObject({ variant: key }), z.strictObject({ rollout })])
  .meta({ title: 'ServeInput' }) as z.ZodType<Serve>

const ends = serve.refine(
  (value) => 'variant' in value || value.rollout.rest !== 'continue',
  'the last line must serve everyone: name the variant for the rest',
)

export const instant = z.iso
  .datetime({ offset: true, message: 'use an RFC 3339 time such as 2027-01-31T09:00:00Z' })
  .meta({ title: 'Instant' })

const rule = z
  .strictObject({
    id: key,
    name: z.string().max(200).optional(),
    when: condition,
    serve,
    from: instant.optional(),
    until: instant.optional(),
    /** Kept and checked like the others, and in no config. */
    disabled: z.literal(true, 'use true, or leave it out').optional(),
    comment: text.optional(),
  })
  .superRefine((rule, issue) => {
    const message = windowProblem(rule)
    if (message) issue.addIssue({ code: 'custom', path: ['until'], message })
  })
  .meta({ title: 'RuleInput' })

export const targeting = z.strictObject({
  on: z.boolean(),
  offVariant: key.nullable(),
  prerequisites: z
    .array(
      z.strictObject({
        flag: key,
        variants: z.array(key).min(1, 'name a variant that it has to serve').max(100),
      }),
    )
    .max(20)
    .default([]),
  targets: z
    .array(
      z.strictObject({
        variant: key,
        by: attribute.default('targetingKey'),
        values: z.array(z.string().min(1).max(1_000)).min(1).max(BOUNDS.conditionValues),
      }),
    )
    .max(200)
    .default([]),
  rules: z
    .array(rule)
    .max(BOUNDS.rules, 'at most 200 rules a flag')
    .refine((rules) => new Set(rules.map((r) => r.id)).size === rules.length, 'rule ids must be unique')
    .default([]),
  fallthrough: ends,
})

export type TargetingInput = z.output<typeof targeting>

export const segmentBody = z.strictObject({
  name,
  by: attribute.default('targetingKey'),
  included: z.array(z.string().min(1).max(1_000)).max(BOUNDS.segmentIds).default([]),
  excluded: z.array(z.string().min(1).max(1_000)).max(BOUNDS.segmentIds).default([]),
  any: z.array(condition).max(200).default([]),
})

export const flagFields = {
  name,
  description: text,
  tags: z.array(z.string().trim().min(1).max(50)).max(20),
  owner: z.string().max(200).nullable(),
  kind: flagKind,
  browser: z.boolean(),
  variants,
}

export const reason = z.string().trim().min(1, 'say why: the reason is kept in the history').max(500)
