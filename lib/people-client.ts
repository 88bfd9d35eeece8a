import type {
  ExplainView,
  GrantView,
  GroupView,
  GroupWithMembers,
  LinkView,
  NewToken,
  PersonView,
  RoleDefinition,
} from '@/lib/control/people/views'
import type { Page } from '@/lib/control/views'
import { call } from './api-client'
import { apiPaths, withQuery } from './paths'

export type Holder = { kind: 'person' | 'group' | 'token'; id: string; name: string }

/** Where a role is held: no project, everywhere; no environment, in the whole project. */
export type RoleAt = { role: string; project?: string; environment?: string }

const named = ({ kind, id }: Holder) => ({ [kind]: id })

/** The writes of the pages about people, through the same door as all others. */
export const peopleApi = {
  people: (query: { q?: string; project?: string; limit?: number }) =>
    call<Page<PersonView>>('GET', withQuery(apiPaths.people(), query)),
  invite: (body: { name: string; email: string }) =>
    call<PersonView & LinkView>('POST', apiPaths.people(), { body }),
  updatePerson: (id: string, body: { name?: string; disabled?: boolean }) =>
    call<PersonView>('PATCH', apiPaths.person({ id }), { body }),
  newLink: (id: string) => call<LinkView>('POST', apiPaths.personLink({ id }), { body: {} }),
  endSessionsOf: (id: string) => call<{ ended: number }>('DELETE', apiPaths.personSessions({ id })),

  createGroup: (body: { name: string }) => call<GroupWithMembers>('POST', apiPaths.groups(), { body }),
  group: (id: string) => call<GroupWithMembers>('GET', apiPaths.group({ id })),
  renameGroup: (id: string, body: { name: string }) =>
    call<GroupView>('PATCH', apiPaths.group({ id }), { body }),
  deleteGroup: (id: string) => call<unknown>('DELETE', apiPaths.group({ id })),
  addMember: (id: string, person: string) =>
    call<GroupWithMembers>('PUT', apiPaths.member({ id, person }), { body: {} }),
  removeMember: (id: string, person: string) =>
    call<GroupWithMembers>('DELETE', apiPaths.member({ id, person })),

  createRole: (body: { key: string; name: string; permissions: string[] }) =>
    call<RoleDefinition>('POST', apiPaths.roles(), { body }),
  updateRole: (role: string, body: { name: string; permissions: string[] }) =>
    call<RoleDefinition>('PATCH', apiPaths.role({ role }), { body }),
  deleteRole: (role: string) => call<unknown>('DELETE', apiPaths.role({ role })),

  grant: (holder: Holder, at: RoleAt) =>
    call<GrantView>('POST', apiPaths.grants(), { body: { ...named(holder), ...at } }),
  grantInProject: (project: string, holder: Holder, at: Omit<RoleAt, 'project'>) =>
    call<GrantView>('POST', apiPaths.projectGrants({ project }), { body: { ...named(holder), ...at } }),
  takeAway: (grant: number) => call<unknown>('DELETE', apiPaths.grant({ id: String(grant) })),
  takeAwayInProject: (project: string, grant: number) =>
    call<unknown>('DELETE', apiPaths.projectGrant({ project, id: String(grant) })),

  createToken: (body: { name: string; grants: RoleAt[]; expiresAt?: string }) =>
    call<NewToken>('POST', apiPaths.tokens(), { body }),
  rotateToken: (id: string, overlapHours: number) =>
    call<NewToken>('POST', apiPaths.rotateToken({ id }), { body: { overlapHours } }),
  revokeToken: (id: string) => call<unknown>('DELETE', apiPaths.token({ id })),

  createMyToken: (body: { name: string; scopes?: string[] }) =>
    call<NewToken>('POST', apiPaths.myTokens(), { body }),
  revokeMyToken: (id: string) => call<unknown>('DELETE', apiPaths.myToken({ id })),
  endMySession: (id: string) => call<unknown>('DELETE', apiPaths.mySession({ id })),
  endMyOtherSessions: () => call<{ ended: number }>('DELETE', apiPaths.mySessions()),

  explain: (query: { person: string; project?: string; environment?: string }) =>
    call<ExplainView>('GET', apiPaths.explain(query)),
}
