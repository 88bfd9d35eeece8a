import pino from 'pino'
import { expect, it } from 'vitest'
import { log } from './log'

const { err } = (log as unknown as Record<symbol, { err: (error: unknown) => unknown }>)[
  pino.symbols.serializersSym
]!

it('logs what the database said, never what a statement was given', () => {
  const cause = Object.assign(new Error('duplicate key'), { code: '23505' })
  const failed = Object.assign(new Error('Failed query: insert … params: hunter2', { cause }), {
    params: ['hunter2'],
  })
  const logged = JSON.stringify(err(failed))
  expect(logged).not.toContain('hunter2')
  expect(logged).toContain('duplicate key')
  expect(logged).toContain('23505')
})

it('logs other errors as they are', () => {
  expect(err(new Error('broken'))).toMatchObject({ message: 'broken', stack: expect.any(String) })
  expect(err('just a text')).toBe('just a text')
})
