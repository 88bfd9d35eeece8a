import { z } from 'zod'
import { invalid } from './errors'
import type { Page } from './views'

/** Cursor and size of a list; both may come from a query string. */
export const paging = {
  cursor: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
}

/** What a page starts after: whatever orders its list. */
type Position = string | number | readonly (string | number)[]

const encode = (value: Position) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Where a page starts, or null for the first. `position` is the shape that `page` was given. */
export function readCursor<T>(cursor: string | undefined, position: z.ZodType<T>): T | null {
  if (cursor === undefined) return null
  try {
    return position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch {
    throw invalid('cursor', 'pass the `next` of an earlier page unchanged, or leave it out')
  }
}

/** Cuts a result read with `limit + 1` into a page. `position` is what the next page starts after. */
export function page<Row, View>(
  rows: readonly Row[],
  limit: number,
  total: number,
  view: (row: Row) => View,
  position: (row: Row) => Position,
): Page<View> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(view),
    next: rows.length > limit && last !== undefined ? encode(position(last)) : null,
    total,
  }
}
