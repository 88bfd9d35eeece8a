import { describe, expect, it } from 'vitest'
import { can, type Grant, knows, type Permission, permissions, type Role } from './roles'

// By hand, so that a slip in the table of roles shows here.
const table: Record<Permission, string> = {
  'project:read': 'viewer editor publisher admin',
  'project:write': 'admin',
  'environment:write': 'admin',
  'flag:read': 'viewer editor publisher admin',
  'flag:write': 'editor publisher admin',
  'flag:publish': 'publisher admin',
  'flag:kill': 'publisher admin',
  'segment:write': 'editor publisher admin',
  'attribute:write': 'admin',
  'key:read': 'publisher admin',
  'key:write': 'admin',
  'audit:read': 'viewer editor publisher admin',
}
const everyRole: Role[] = ['viewer', 'editor', 'publisher', 'admin']
const holding = (role: Role, project: string | null): Grant[] => [{ role, project }]

describe('can', () => {
  it.each(permissions)('%s', (permission) => {
    const allowed = everyRole.filter((role) => can(holding(role, null), permission, 'shop'))
    expect(allowed.join(' ')).toBe(table[permission])
  })

  it('holds a role within its project', () => {
    const grants = holding('admin', 'shop')
    expect(can(grants, 'flag:kill', 'shop')).toBe(true)
    expect(can(grants, 'flag:kill', 'other')).toBe(false)
    expect(can(grants, 'project:write', null)).toBe(false)
  })

  it('adds up what several grants allow', () => {
    const grants = [...holding('viewer', null), ...holding('publisher', 'shop')]
    expect(can(grants, 'flag:read', 'other')).toBe(true)
    expect(can(grants, 'flag:publish', 'other')).toBe(false)
    expect(can(grants, 'flag:publish', 'shop')).toBe(true)
  })

  it('allows nothing to nobody', () => {
    for (const permission of permissions) expect(can([], permission, 'shop')).toBe(false)
  })
})

describe('knows', () => {
  it('says whether a project exists for someone', () => {
    expect(knows(holding('viewer', null), 'shop')).toBe(true)
    expect(knows(holding('viewer', 'shop'), 'shop')).toBe(true)
    expect(knows(holding('admin', 'shop'), 'other')).toBe(false)
    expect(knows([], 'shop')).toBe(false)
  })
})
