import type { Config, Flag, Segment } from '../evaluation/types'
import type { Logic } from './logic'

/** Something that flagd cannot express exactly. `form` is its name, the same wherever it occurs. */
export type Inexpressible = { readonly form: string; readonly detail: string }

/** An expression, and what of it flagd cannot say. With any of the latter the expression is of no use. */
export type Draft = { readonly logic: Logic; readonly faults: readonly Inexpressible[] }

/** What of a config is sound; why the rest is not stands in `malformed`. */
export type Sound = Pick<Config, 'killed'> & {
  readonly flags: Readonly<Record<string, Flag>>
  readonly segments: Readonly<Record<string, Segment>>
  readonly malformed: Readonly<Record<string, string>>
}

/** What the export of one config carries along: every segment and every flag is drafted once. */
export type Export = {
  readonly config: Sound
  readonly segments: Map<string, Draft>
  readonly flags: Map<string, Draft>
  /** Whether a segment is written once under `$evaluators` instead of wherever it is asked for. */
  readonly isShared: (segment: string) => boolean
}

/** One draft in the making. */
export type Scope = Export & { readonly faults: Inexpressible[] }

/** Notes what cannot be said. The `false` only stands in: a draft with faults is not used. */
export function cannot(scope: Scope, form: string, detail: string): false {
  if (!scope.faults.some((fault) => fault.form === form && fault.detail === detail))
    scope.faults.push({ form, detail })
  return false
}

export function draft(whole: Export, write: (scope: Scope) => Logic): Draft {
  const scope: Scope = { ...whole, faults: [] }
  return { logic: write(scope), faults: scope.faults }
}
