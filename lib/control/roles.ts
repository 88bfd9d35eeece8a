/** Roles are data: the server, the buttons and the documents read the same table. */
export const permissions = [
  'project:read',
  'project:write',
  'environment:write',
  'flag:read',
  'flag:write',
  'flag:publish',
  'flag:approve',
  'flag:kill',
  'segment:write',
  'attribute:write',
  'key:read',
  'key:write',
  'webhook:read',
  'webhook:write',
  'audit:read',
  'member:read',
  'member:write',
  'token:write',
  'sso:write',
  'scim:write',
] as const

export type Permission = (typeof permissions)[number]

const viewer = ['project:read', 'flag:read', 'audit:read', 'member:read'] as const
const editor = [...viewer, 'flag:write', 'segment:write'] as const
const publisher = [
  ...editor,
  'flag:publish',
  'flag:approve',
  'flag:kill',
  'key:read',
  'webhook:read',
] as const

/** The roles that every installation has. Others are made of the same permissions, see `customRole`. */
export const roles = {
  viewer,
  editor,
  publisher,
  admin: permissions,
} as const satisfies Record<string, readonly Permission[]>

export type Role = keyof typeof roles

/** Whether a role is one of those that every installation has. */
export const isBuiltIn = (role: string): role is Role => Object.hasOwn(roles, role)

/** A role held in one environment of a project, in one project (`environment: null`), or everywhere. */
export type Grant = {
  readonly role: string
  readonly permissions: readonly Permission[]
  readonly project: string | null
  readonly environment: string | null
}

/** Where a permission is asked for: `null`, `null` is the installation itself. */
export type Place = { readonly project: string | null; readonly environment: string | null }

export const INSTALLATION: Place = { project: null, environment: null }

export const inProject = (project: string): Place => ({ project, environment: null })

/** A role that every installation has, as held at a place. */
export function grantOf(role: Role, { project, environment }: Place = INSTALLATION): Grant {
  return { role, permissions: roles[role], project, environment }
}

// Whoever works in one environment sees the project around it: flags, their history and who is who.
const SEEN_FROM_INSIDE: ReadonlySet<Permission> = new Set(viewer)

function covers(grant: Grant, permission: Permission, { project, environment }: Place): boolean {
  if (grant.project !== null && grant.project !== project) return false
  if (grant.environment === null || SEEN_FROM_INSIDE.has(permission)) return true
  return grant.environment === environment
}

/**
 * Whether grants allow something at a place. What is asked for a whole project is not allowed by a role in one of its
 * environments, but for reading.
 *
 * @example can(actor.grants, 'flag:publish', { project: 'shop', environment: 'production' })
 */
export function can(grants: readonly Grant[], permission: Permission, place: Place): boolean {
  return grants.some((grant) => grant.permissions.includes(permission) && covers(grant, permission, place))
}

/** Whether a project exists as far as this person is concerned. */
export function knows(grants: readonly Grant[], project: string): boolean {
  return can(grants, 'project:read', inProject(project))
}

/** The grants that allow something at a place: what "why may this person do that?" is answered from. */
export function reasons(grants: readonly Grant[], permission: Permission, place: Place): readonly Grant[] {
  return grants.filter((grant) => can([grant], permission, place))
}
