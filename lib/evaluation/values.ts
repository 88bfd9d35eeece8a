import { isRecord } from './records'
import type { FlagType } from './types'

const VALUE_OF_TYPE: Readonly<Record<FlagType, (value: unknown) => boolean>> = {
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  number: (value) => Number.isFinite(value),
  object: (value) => typeof value === 'object' && value !== null,
}

export function isFlagType(input: unknown): input is FlagType {
  return typeof input === 'string' && Object.hasOwn(VALUE_OF_TYPE, input)
}

/** Whether a variant may have this value. An object flag serves JSON objects and lists; `null` is no structure. */
export function isOfType(type: FlagType, value: unknown): boolean {
  return VALUE_OF_TYPE[type](value)
}

export function isJson(input: unknown, levels: number): boolean {
  if (input === null || typeof input === 'string' || typeof input === 'boolean') return true
  if (typeof input === 'number') return Number.isFinite(input)
  if (levels === 0) return false
  if (Array.isArray(input)) return input.every((entry) => isJson(entry, levels - 1))
  return isRecord(input) && Object.keys(input).every((key) => isJson(input[key], levels - 1))
}

const COMPARED_LEVELS = 100 // more than a flag within its bounds has; deeper can only be a field that we ignore

/** Whether two JSON values are the same, whatever the order of their keys. */
export function sameJson(a: unknown, b: unknown, levels = COMPARED_LEVELS): boolean {
  if (a === b) return true
  if (levels === 0) return false
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) && a.length === b.length && a.every((entry, i) => sameJson(entry, b[i], levels - 1))
    )
  }
  if (!isRecord(a) || !isRecord(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key], levels - 1))
  )
}
