import { parseConfig } from '../evaluation/parse-config'
import { emptyRecord, isRecord, own } from '../evaluation/records'
import type { Config, Flag, FlagMetadata, JsonValue } from '../evaluation/types'
import { segmentDraft } from './flagd-conditions'
import { flagDraft } from './flagd-decisions'
import type { Draft, Export, Inexpressible, Sound } from './flagd-scope'
import type { Logic } from './logic'

/** A flagd flag definition, schema v0. */
export type FlagdDefinition = {
  readonly $schema: string
  readonly flags: Readonly<Record<string, FlagdFlag>>
  readonly $evaluators?: Readonly<Record<string, Logic>>
  readonly metadata: FlagMetadata
}

export type FlagdFlag = {
  readonly state: 'ENABLED' | 'DISABLED'
  readonly variants: Readonly<Record<string, JsonValue>>
  readonly defaultVariant: string | null
  readonly targeting?: Logic
  readonly metadata?: FlagMetadata
}

export type OmittedFlag = { readonly flag: string; readonly reasons: readonly Inexpressible[] }

export type FlagdExport = {
  readonly definition: FlagdDefinition
  readonly omitted: readonly OmittedFlag[]
}

const SCHEMA = 'https://flagd.dev/schema/v0/flags.json'

/**
 * A config as a flagd definition that decides alike, for flagd 0.15 or later and ASCII ids. A flag that flagd cannot
 * express exactly is left out, and listed with the reasons; the definition's metadata names it by form.
 *
 * @example const { definition, omitted } = exportFlagd(config)
 */
export function exportFlagd(config: Config): FlagdExport {
  const parsed = parseConfig(config)
  if (!parsed.ok) throw new Error(`the config cannot be exported to flagd: ${parsed.error}`)
  const { killed } = config
  const whole = exportOf({ ...parsed.config.sound(), malformed: parsed.config.malformed(), killed })
  const flags = emptyRecord<FlagdFlag>()
  const omitted: OmittedFlag[] = []
  for (const key of Object.keys(config.flags)) {
    const { logic, faults } = checkedDraft(key, whole)
    if (faults.length > 0) omitted.push({ flag: key, reasons: faults })
    else flags[key] = flagdFlag(own(whole.config.flags, key)!, logic)
  }
  const $evaluators = evaluators(flags, whole)
  const definition = {
    $schema: SCHEMA,
    ...(Object.keys($evaluators).length > 0 && { $evaluators }),
    flags,
    metadata: { flagSetId: config.flagSetId, version: config.id, ...listed(omitted) },
  }
  return { definition, omitted }
}

/**
 * flagd puts `$evaluators` in by replacing text: in variants too, and with `$&` and its like read as patterns. Segments
 * that this could hurt are written out wherever they are asked for.
 */
function exportOf(config: Sound): Export {
  const variants = JSON.stringify(Object.values(config.flags).map((flag) => flag.variants))
  const isShared = (key: string): boolean =>
    !variants.includes(JSON.stringify({ $ref: key })) &&
    !/\$[$&`']/.test(JSON.stringify(segmentDraft(key, whole).logic))
  const whole: Export = { config, segments: new Map(), flags: new Map(), isShared }
  return whole
}

function checkedDraft(key: string, whole: Export): Draft {
  const malformed = own(whole.config.malformed, key)
  const refused = (form: string, detail: string) => ({ logic: null, faults: [{ form, detail }] })
  if (malformed !== undefined) return refused('malformed', malformed)

  const lists = Object.entries(own(whole.config.flags, key)!.variants).filter(([, value]) =>
    Array.isArray(value),
  )
  if (lists.length > 0)
    return refused('list variant', `variant "${lists[0]![0]}" is a list: wrap it in an object`)

  return flagDraft(key, whole)
}

function branchesOf(logic: Logic): readonly Logic[] {
  return isRecord(logic) && 'if' in logic ? (logic.if as readonly Logic[]) : []
}

/** What remains when no branch is taken is the default variant, unless the caller's default may have to stand. */
function flagdFlag({ variants, version, metadata }: Flag, decision: Logic): FlagdFlag {
  const flag = { state: 'ENABLED', variants, metadata: { ...metadata, version } } as const
  if (typeof decision === 'string' || decision === null) return { ...flag, defaultVariant: decision }
  const branches = branchesOf(decision)
  const last = branches.at(-1)!
  if (typeof last !== 'string' || mayBeNull(decision))
    return { ...flag, defaultVariant: null, targeting: decision }
  return { ...flag, defaultVariant: last, targeting: { if: [...branches.slice(0, -1), null] } }
}

function mayBeNull(decision: Logic): boolean {
  const branches = branchesOf(decision)
  return (
    decision === null ||
    branches.some((value, i) => (i % 2 === 1 || i === branches.length - 1) && mayBeNull(value))
  )
}

function evaluators(flags: Readonly<Record<string, FlagdFlag>>, whole: Export): Record<string, Logic> {
  const found = emptyRecord<Logic>()
  const visit = (logic: Logic): void => {
    if (typeof logic !== 'object' || logic === null) return
    if (isRecord(logic) && typeof logic.$ref === 'string')
      found[logic.$ref] = segmentDraft(logic.$ref, whole).logic
    else Object.values(logic).forEach(visit)
  }
  for (const { targeting = null } of Object.values(flags)) visit(targeting)
  return found
}

/** flagd hands the metadata of a definition out with every answer, so it is kept to one line a form. */
function listed(omitted: readonly OmittedFlag[]): FlagMetadata {
  const lines: Record<string, string> = {}
  for (const { flag, reasons } of omitted) {
    for (const form of new Set(reasons.map((reason) => reason.form))) {
      const line = `omitted: ${form}`
      lines[line] = line in lines ? `${lines[line]}, ${flag}` : flag
    }
  }
  return lines
}
