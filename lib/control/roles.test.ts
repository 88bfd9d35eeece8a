import { describe, expect, it } from 'vitest'
import {
  can,
  type Grant,
  grantOf,
  INSTALLATION,
  inProject,
  knows,
  type Permission,
  permissions,
  type Role,
  reasons,
} from './roles'

// By hand, so that a slip in the table of roles shows here.
const table: Record<Permission, string> = {
  'project:read': 'viewer editor publisher admin',
  'project:write': 'admin',
  'environment:write': 'admin',
  'flag:read': 'viewer editor publisher admin',
  'flag:write': 'editor publisher admin',
  'flag:publish': 'publisher admin',
  'flag:approve': 'publisher admin',
  'flag:kill': 'publisher admin',
  'segment:write': 'editor publisher admin',
  'attribute:write': 'admin',
  'key:read': 'publisher admin',
  'key:write': 'admin',
  'webhook:read': 'publisher admin',
  'webhook:write': 'admin',
  'audit:read': 'viewer editor publisher admin',
  'member:read': 'viewer editor publisher admin',
  'member:write': 'admin',
  'token:write': 'admin',
  'sso:write': 'admin',
  'scim:write': 'admin',
}
const everyRole: Role[] = ['viewer', 'editor', 'publisher', 'admin']
const holding = (role: Role, project: string | null, environment: string | null = null): Grant[] => [
  grantOf(role, { project, environment }),
]

describe('can', () => {
  it.each(permissions)('%s', (permission) => {
    const allowed = everyRole.filter((role) => can(holding(role, null), permission, inProject('shop')))
    expect(allowed.join(' ')).toBe(table[permission])
  })

  it('holds a role within its project', () => {
    const grants = holding('admin', 'shop')
    expect(can(grants, 'flag:kill', inProject('shop'))).toBe(true)
    expect(can(grants, 'flag:kill', inProject('other'))).toBe(false)
    expect(can(grants, 'project:write', INSTALLATION)).toBe(false)
  })

  it('holds a role within its environment, around which the project is seen', () => {
    const grants = holding('admin', 'shop', 'staging')
    const at = (environment: string) => ({ project: 'shop', environment })
    expect(can(grants, 'flag:publish', at('staging'))).toBe(true)
    expect(can(grants, 'flag:publish', at('production'))).toBe(false)
    expect(can(grants, 'flag:publish', inProject('shop'))).toBe(false)
    expect(can(grants, 'key:read', at('production'))).toBe(false)
    expect(can(grants, 'flag:read', at('production'))).toBe(true)
    expect(can(grants, 'audit:read', inProject('shop'))).toBe(true)
    expect(can(grants, 'flag:read', { project: 'other', environment: 'staging' })).toBe(false)
  })

  it('adds up what several grants allow', () => {
    const grants = [...holding('viewer', null), ...holding('publisher', 'shop')]
    expect(can(grants, 'flag:read', inProject('other'))).toBe(true)
    expect(can(grants, 'flag:publish', inProject('other'))).toBe(false)
    expect(can(grants, 'flag:publish', inProject('shop'))).toBe(true)
  })

  it('allows nothing to nobody', () => {
    for (const permission of permissions) expect(can([], permission, inProject('shop'))).toBe(false)
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

describe('reasons', () => {
  it('names the grants that allow something', () => {
    const grants = [...holding('viewer', null), ...holding('publisher', 'shop'), ...holding('admin', 'other')]
    const why = (permission: Permission) =>
      reasons(grants, permission, inProject('shop')).map(({ role }) => role)
    expect(why('flag:read')).toEqual(['viewer', 'publisher'])
    expect(why('flag:kill')).toEqual(['publisher'])
    expect(why('key:write')).toEqual([])
  })
})
