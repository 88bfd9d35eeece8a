import type { Flag, FlagMetadata } from './types'

/** What may be added to a flag's metadata to say how it was decided. */
export type Mark =
  | { readonly rule: string }
  | { readonly killed: true }
  | { readonly prerequisite: string }
  | undefined

export function metadataOf(flagSetId: string, flag: Flag, mark?: Mark): FlagMetadata {
  return Object.freeze({ ...flag.metadata, flagSetId, version: flag.version, ...mark })
}
