export type ParsedId = { readonly epoch: number; readonly version: number; readonly hash: string }

const ID = /^(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,14})\.([0-9a-f]{8})$/

/** Reads `<epoch>.<version>.<hash8>`; `null` where the text is anything else. */
export function parseId(id: string): ParsedId | null {
  const match = ID.exec(id)
  return match && { epoch: Number(match[1]), version: Number(match[2]), hash: match[3]! }
}

const OLDEST: ParsedId = { epoch: -1, version: -1, hash: '' }

/** Orders by (epoch, version): negative where `a` is older, 0 where equal. An unreadable id is older than any other. */
export function compareIds(a: string, b: string): number {
  const left = parseId(a) ?? OLDEST
  const right = parseId(b) ?? OLDEST
  return left.epoch - right.epoch || left.version - right.version
}
