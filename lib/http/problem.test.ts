import { describe, expect, it } from 'vitest'
import { ControlError, conflict, invalid, notFound } from '@/lib/control/errors'
import { log } from '@/lib/log'
import { problem } from './problem'

log.level = 'silent'

async function answer(error: unknown) {
  const response = problem(error, 'request-1')
  const { status, headers } = response
  return { status, headers, body: await response.json() }
}

describe('problem', () => {
  it.each([
    [new ControlError('malformed', 'm'), 400],
    [new ControlError('unauthenticated', 'm'), 401],
    [new ControlError('forbidden', 'm'), 403],
    [notFound('flag', 'a'), 404],
    [conflict('m'), 409],
    [new ControlError('stale', 'm'), 412],
    [new ControlError('too_large', 'm'), 413],
    [invalid('a', 'm'), 422],
    [new ControlError('idempotency_mismatch', 'm'), 422],
    [new ControlError('precondition_required', 'm'), 428],
    [new ControlError('too_many', 'm', [], { retryAfter: 7 }), 429],
    [new ControlError('busy', 'm'), 503],
  ])('dresses %s as %i', async (error, status) => {
    const { body, headers, ...rest } = await answer(error)
    expect(rest.status).toBe(status)
    expect(body).toMatchObject({ type: 'about:blank', status, detail: error.message, requestId: 'request-1' })
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-request-id')).toBe('request-1')
    expect(headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null)
    expect(headers.get('retry-after')).toBe({ 429: '7', 503: '1' }[status] ?? null)
  })

  it('names the fields, and adds what the error brings', async () => {
    const { body } = await answer(invalid('tags.0', 'too long'))
    expect(body.errors).toEqual([{ path: 'tags.0', message: 'too long' }])
    expect((await answer(conflict('m', { flags: ['a'] }))).body.flags).toEqual(['a'])
  })

  it('tells nothing about what was not expected', async () => {
    const { status, body } = await answer(new Error('password is hunter2'))
    expect(status).toBe(500)
    expect(JSON.stringify(body)).not.toContain('hunter2')
    expect(body.detail).toContain('request-1')
  })

  it.each(['ECONNREFUSED', 'CONNECT_TIMEOUT', 'CONNECTION_CLOSED', '57P01', '57014', '53300', '08006'])(
    'says 503 while the database is away: %s',
    async (code) => {
      const error = new Error('Failed query: insert …', { cause: Object.assign(new Error('x'), { code }) })
      const { status, headers, body } = await answer(error)
      expect(status).toBe(503)
      expect(headers.get('retry-after')).toBe('1')
      expect(body.detail).toContain('the database does not answer')
    },
  )

  it('does not take a broken statement for a database that is away', async () => {
    expect(
      (await answer(new Error('x', { cause: Object.assign(new Error(), { code: '42601' }) }))).status,
    ).toBe(500)
  })
})
