import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { page, paging, readCursor } from './pages'

const rows = ['a', 'b', 'c']
const cut = (limit: number, from = rows) =>
  page(
    from.slice(0, limit + 1),
    limit,
    from.length,
    (row) => row.toUpperCase(),
    (row) => row,
  )

describe('page', () => {
  it('points behind its last row while there are more', () => {
    const first = cut(2)
    expect(first).toMatchObject({ items: ['A', 'B'], total: 3 })
    expect(readCursor(first.next!, z.string())).toBe('b')
  })

  it('ends without a cursor, also when it is exactly full or empty', () => {
    expect(cut(3).next).toBeNull()
    expect(cut(10).next).toBeNull()
    expect(cut(2, [])).toEqual({ items: [], next: null, total: 0 })
  })
})

describe('readCursor', () => {
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

  it('starts at the beginning without one', () => {
    expect(readCursor(undefined, z.int())).toBeNull()
    expect(readCursor(encoded(7), z.int())).toBe(7)
  })

  it.each(['', 'garbage', encoded('7'), encoded(1.5), encoded(null), encoded([7]), '%00'])(
    'refuses %j',
    (cursor) => {
      expect(() => readCursor(cursor, z.int())).toThrow(
        'cursor: pass the `next` of an earlier page unchanged',
      )
    },
  )
})

describe('the size of a page', () => {
  const schema = z.strictObject(paging)
  it('comes from a query string, within bounds', () => {
    expect(schema.parse({ limit: '7' }).limit).toBe(7)
    expect(schema.parse({}).limit).toBe(50)
    for (const limit of ['0', '-1', '201', '1.5', 'x', ''])
      expect(schema.safeParse({ limit }).success).toBe(false)
  })
})
