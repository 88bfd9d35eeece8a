import { z } from 'zod'

/** So many requests in so many seconds; null: without end. */
export type Budget = { readonly quota: number; readonly seconds: number } | null

// Chosen so that nobody meets one by working: docs/limits.md says how. Each is what one credential may ask for, or, where
// applications ask, one SDK key from one address.
const USUAL = {
  reads: '1200/60',
  writes: '600/60',
  kills: '3000/60',
  'sign-in': '10/900',
  invites: '120/600',
  scim: '6000/60',
  'webhook-tests': '20/60',
  config: '120000/60',
  streams: '30000/60',
  ofrep: '60000/60',
  telemetry: '30000/60',
} as const

export type Limit = keyof typeof USUAL

export const limits = Object.keys(USUAL) as Limit[]

/** @example variableOf('webhook-tests') // 'JACKSTAFF_LIMIT_WEBHOOK_TESTS' */
export const variableOf = (limit: Limit) => `JACKSTAFF_LIMIT_${limit.toUpperCase().replaceAll('-', '_')}`

const FORM = /^([1-9]\d{0,9})\/([1-9]\d{0,4})$/

const budget = z.string().transform((text, issue): Budget => {
  if (text === 'off') return null
  const [, quota, seconds] = FORM.exec(text) ?? []
  if (quota !== undefined) return { quota: Number(quota), seconds: Number(seconds) }
  issue.addIssue({ code: 'custom', message: 'use requests/seconds such as 600/60, or off' })
  return z.NEVER
})

/** The variables that set budgets, for `lib/env`. */
export const budgetVariables = Object.fromEntries(
  limits.map((limit) => [variableOf(limit), budget.prefault(USUAL[limit])]),
)

/** The budgets that parsed variables hold. */
export const budgetsOf = (variables: Record<string, unknown>) =>
  Object.fromEntries(limits.map((limit) => [limit, variables[variableOf(limit)]])) as Record<Limit, Budget>
