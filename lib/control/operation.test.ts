import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Actor, anonymous } from './context'
import type { ControlError } from './errors'
import { authorize, parse } from './operation'

const actor = (role: 'viewer' | 'admin', project: string | null): Actor => ({
  kind: 'user',
  id: '1',
  name: 'Ana',
  grants: [{ role, project }],
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
