import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Actor, anonymous } from './context'
import type { ControlError } from './errors'
import { assertFresh, authorize, parse } from './operation'
import { grantOf } from './roles'

const actor = (role: 'viewer' | 'admin', project: string | null): Exclude<Actor, { kind: 'anonymous' }> => ({
  kind: 'user',
  id: '1',
  name: 'Ana',
  grants: [grantOf(role, { project, environment: null })],
})

function refusal(run: () => unknown): ControlError {
  try {
    run()
  } catch (error) {
    return error as ControlError
  }
  throw new Error('nothing was refused')
}

describe('authorize', () => {
  it('refuses strangers with 401, outsiders with 404, and the others with 403', () => {
    const shop = { project: 'shop' }
    expect(refusal(() => authorize(anonymous, 'flag:read', shop)).kind).toBe('unauthenticated')
    expect(refusal(() => authorize(actor('admin', 'other'), 'flag:read', shop)).message).toBe(
      'there is no project "shop"',
    )
    expect(refusal(() => authorize(actor('viewer', 'shop'), 'flag:kill', shop)).message).toBe(
      '"flag:kill" is needed here; your role: viewer',
    )
    expect(refusal(() => authorize(actor('admin', 'shop'), 'project:write', {})).kind).toBe('forbidden')
  })

  it('asks where the path points to', () => {
    const grants = [grantOf('publisher', { project: 'shop', environment: 'staging' })]
    const stagehand = { ...actor('viewer', 'shop'), grants }
    const at = (environment: string) => ({ project: 'shop', environment })
    authorize(stagehand, 'flag:publish', at('staging'))
    authorize(stagehand, 'flag:read', at('production'))
    expect(refusal(() => authorize(stagehand, 'flag:publish', at('production'))).kind).toBe('forbidden')
    expect(refusal(() => authorize(stagehand, 'flag:publish', { project: 'shop' })).kind).toBe('forbidden')
    expect(refusal(() => authorize(stagehand, 'flag:publish', { environment: 'staging' })).kind).toBe(
      'forbidden',
    )
  })

  it('lets through who may, and anyone where that is said', () => {
    authorize(actor('admin', null), 'flag:kill', { project: 'shop' })
    authorize(anonymous, 'anyone', {})
  })
})

describe('parse', () => {
  const schema = z.strictObject({
    name: z.string().min(1, 'a name is needed'),
    when: z.union([
      z.strictObject({ segment: z.string() }),
      z.strictObject({ attribute: z.string(), op: z.enum(['eq']), values: z.array(z.number()).max(1) }),
    ]),
  })

  it('names each field that breaks a rule', () => {
    const { kind, errors } = refusal(() => parse(schema, { name: '', when: { segment: 1 } }))
    expect(kind).toBe('invalid')
    expect(errors.map(({ path }) => path)).toEqual(['name', 'when.segment'])
    expect(errors[0]!.message).toBe('a name is needed')
  })

  it('speaks of the alternative that was meant', () => {
    const when = { attribute: 'age', op: 'eq', values: [1, 2] }
    const { errors } = refusal(() => parse(schema, { name: 'n', when }))
    expect(errors.map(({ path }) => path)).toEqual(['when.values'])
  })

  it('refuses text that cannot be kept before it asks anything else', () => {
    const { errors } = refusal(() => parse(schema, { name: '\0', other: true }))
    expect(errors.map(({ path }) => path)).toEqual(['name'])
  })
})

describe('assertFresh', () => {
  const by = (method: string, minutes: number): Actor => ({
    ...actor('admin', null),
    via: { session: 'ses_1', method, authenticatedAt: Date.now() - minutes * 60_000 },
  })

  it('asks of sessions for a sign-in of the last quarter of an hour', () => {
    assertFresh(by('password', 14))
    expect(refusal(() => assertFresh(by('password', 16))).extra).toEqual({ code: 'sign_in_again' })
  })

  it('is patient with links, which are printed on the machine itself, and asks nothing of tokens', () => {
    assertFresh(by('link', 11 * 60))
    expect(refusal(() => assertFresh(by('link', 13 * 60))).kind).toBe('forbidden')
    assertFresh({ ...actor('admin', null), via: { token: 'pat_1' } })
  })
})
