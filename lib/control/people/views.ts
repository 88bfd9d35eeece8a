import type { ApiTokenKind, Source } from '@/db/people'
import type { ActorRef } from '@/db/schema'
import type { Permission } from '../roles'

/** A role as somebody holds it. No project: everywhere; no environment: in the whole project. */
export type RoleView = {
  /** The id of the grant. */
  grant: number
  role: string
  project: string | null
  environment: string | null
  /** The group that it comes by; null: by name. */
  group: { id: string; name: string } | null
  /** `sso`: the last log-in gave it, and the next may take it. */
  source: Source
}

export type PersonView = {
  id: string
  name: string
  email: string
  /** What SCIM calls this person; null: not kept by SCIM. */
  userName: string | null
  source: Source
  createdAt: string
  disabledAt: string | null
  groups: { id: string; name: string }[]
  roles: RoleView[]
}

/** An address that signs its person in, once, within 30 minutes. It is shown in this answer and nowhere else. */
export type LinkView = { link: string; expiresAt: string }

export type SessionView = {
  id: string
  /** `link`, `break-glass`, or the key of a connection. */
  method: string
  ip: string | null
  userAgent: string | null
  createdAt: string
  usedAt: string
  expiresAt: string
  /** The one that asks. */
  current: boolean
}

export type GroupView = {
  id: string
  name: string
  source: Source
  createdAt: string
  memberCount: number
  roles: RoleView[]
}

export type GroupWithMembers = GroupView & {
  members: { id: string; name: string; email: string; disabledAt: string | null }[]
}

export type RoleDefinition = {
  key: string
  name: string
  description: string
  permissions: readonly Permission[]
  builtIn: boolean
}

export type GrantView = {
  id: number
  holder: { kind: 'person' | 'group' | 'token'; id: string; name: string }
  role: string
  project: string | null
  environment: string | null
  source: Source
  createdAt: string
}

export type TokenView = {
  id: string
  kind: ApiTokenKind
  name: string
  /** What a personal token is bounded to; null: all that its person may do. */
  scopes: Permission[] | null
  /** What a service token may do. */
  roles: RoleView[]
  createdBy: ActorRef
  createdAt: string
  expiresAt: string | null
  revokedAt: string | null
  /** To the minute. */
  usedAt: string | null
  /** The token that takes its place, once it was rotated. */
  replacedBy: string | null
}

/** A token with its secret, which is in this answer and nowhere else. */
export type NewToken = TokenView & { token: string }

export type MeView = {
  kind: 'user' | 'service' | 'system'
  id: string
  name: string
  grants: {
    role: string
    project: string | null
    environment: string | null
    permissions: readonly Permission[]
  }[]
  /** What is allowed in the whole installation. */
  permissions: Permission[]
}

export type ExplainView = {
  person: { id: string; name: string; disabledAt: string | null }
  project: string | null
  environment: string | null
  permissions: { permission: Permission; allowed: boolean; because: RoleView[] }[]
}
