/** Roles are data: the server, the buttons and the documents read the same table. */
export const permissions = [
  'project:read',
  'project:write',
  'environment:write',
  'flag:read',
  'flag:write',
  'flag:publish',
  'flag:kill',
  'segment:write',
  'attribute:write',
  'key:read',
  'key:write',
  'audit:read',
] as const

export type Permission = (typeof permissions)[number]

const viewer = ['project:read', 'flag:read', 'audit:read'] as const
const editor = [...viewer, 'flag:write', 'segment:write'] as const
const publisher = [...editor, 'flag:publish', 'flag:kill', 'key:read'] as const

export const roles = {
  viewer,
  editor,
  publisher,
  admin: permissions,
} as const satisfies Record<string, readonly Permission[]>

export type Role = keyof typeof roles

/** A role held in one project, or everywhere when `project` is null. */
export type Grant = { role: Role; project: string | null }

/** Where a permission is asked for: a project key, or null for the installation itself. */
export function can(grants: readonly Grant[], permission: Permission, project: string | null): boolean {
  return grants.some(
    (grant) =>
      (grant.project === null || grant.project === project) &&
      (roles[grant.role] as readonly Permission[]).includes(permission),
  )
}

/** Whether a project exists as far as this person is concerned. */
export function knows(grants: readonly Grant[], project: string): boolean {
  return can(grants, 'project:read', project)
}
