import type { AuditSearch } from './audit-search'

type Query = Record<string, string | number | null | undefined>

const at = (path: TemplateStringsArray, ...parts: string[]) =>
  String.raw(path, ...parts.map(encodeURIComponent))

/** Adds what is set; an absent or empty value leaves no trace in the URL. */
export function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value))
  }
  return search.size === 0 ? path : `${path}?${search}`
}

type In = { project: string }
type Id = { id: string }
type InEnvironment = In & { environment: string }
type OfFlag = In & { flag: string }
/** Null: the installation has it. */
type MaybeIn = { project: string | null }
type OfWebhook = MaybeIn & { webhook: string }
type OfConnection = { connection: string }
type OfSegment = In & { segment: string }
type OfTargeting = OfFlag & { environment: string }

export type FlagTab = 'targeting' | 'insights' | 'history' | 'settings' | 'code'

/** Addresses of pages. */
export const paths = {
  signIn: (query: { next?: string | undefined; again?: 1 } = {}) => withQuery('/sign-in', query),
  projects: () => '/projects',
  apiReference: () => '/docs/api',
  apiGroup: ({ group }: { group: string }) => at`/docs/api/${group}`,
  getStarted: ({ project, ...query }: In & { flag?: string; environment?: string }) =>
    withQuery(at`/projects/${project}/get-started`, query),
  flags: ({ project, ...query }: In & { q?: string; archived?: string; cursor?: string; create?: string }) =>
    withQuery(at`/projects/${project}/flags`, query),
  createFlag: ({ project }: In) => `${at`/projects/${project}/flags`}?create=`,
  flag: ({
    project,
    flag,
    environment,
    tab,
    ...query
  }: OfFlag & { environment?: string; tab?: FlagTab; cursor?: string; range?: string }) =>
    withQuery(at`/projects/${project}/flags/${flag}`, {
      environment,
      tab: tab === 'targeting' ? undefined : tab,
      ...query,
    }),
  segments: ({ project, ...query }: In & { cursor?: string }) =>
    withQuery(at`/projects/${project}/segments`, query),
  segment: ({ project, segment }: OfSegment) => at`/projects/${project}/segments/${segment}`,
  environments: ({ project }: In) => at`/projects/${project}/environments`,
  compare: ({
    project,
    ...query
  }: In & { from?: string; to?: string; all?: string; q?: string; cursor?: string }) =>
    withQuery(at`/projects/${project}/environments/compare`, query),
  connections: ({ project, environment }: In & { environment?: string }) =>
    withQuery(at`/projects/${project}/connections`, { environment }),
  webhooks: ({ project }: MaybeIn) =>
    project === null ? '/settings/audit-stream' : at`/projects/${project}/webhooks`,
  webhook: ({ webhook, project, ...query }: OfWebhook & { status?: string; cursor?: string }): string =>
    withQuery(paths.webhooks({ project }) + at`/${webhook}`, query),
  approvals: ({ project, ...query }: In & { all?: string; cursor?: string }) =>
    withQuery(at`/projects/${project}/approvals`, query),
  audit: ({ project, ...query }: In & AuditSearch & { cursor?: string }) =>
    withQuery(at`/projects/${project}/audit`, query),
  installationAudit: (query: AuditSearch & { cursor?: string } = {}) => withQuery('/settings/audit', query),
  projectMembers: ({ project }: In) => at`/projects/${project}/members`,
  settings: () => '/settings',
  members: (query: { q?: string; cursor?: string } = {}) => withQuery('/settings/members', query),
  invite: () => '/settings/members?invite=yes',
  groups: () => '/settings/groups',
  roles: () => '/settings/roles',
  tokens: () => '/settings/tokens',
  sso: () => '/settings/sso',
  newSso: () => '/settings/sso/new',
  ssoConnection: ({ connection }: OfConnection) => at`/settings/sso/${connection}`,
  ssoTest: ({ id }: Id) => at`/settings/sso/tests/${id}`,
  mySessions: () => '/settings/sessions',
  myTokens: () => '/settings/my-tokens',
}

/** Addresses of the write door, API v1. */
export const apiPaths = {
  setup: () => '/api/v1/setup',
  signIn: () => '/api/v1/sign-in',
  signInBySso: () => '/api/v1/sign-in/sso',
  breakGlass: () => '/api/v1/sign-in/break-glass',
  signOut: () => '/api/v1/sign-out',
  projects: () => '/api/v1/projects',
  environments: ({ project }: In) => at`/api/v1/projects/${project}/environments`,
  environment: ({ project, environment }: InEnvironment) =>
    at`/api/v1/projects/${project}/environments/${environment}`,
  changes: ({ project, environment }: InEnvironment) =>
    at`/api/v1/projects/${project}/environments/${environment}/changes`,
  change: ({ project, environment, id }: InEnvironment & { id: string }) =>
    at`/api/v1/projects/${project}/environments/${environment}/changes/${id}`,
  attributes: ({ project }: In) => at`/api/v1/projects/${project}/attributes`,
  flags: ({ project, ...query }: In & { q?: string; limit?: number }) =>
    withQuery(at`/api/v1/projects/${project}/flags`, query),
  flag: ({ project, flag }: OfFlag) => at`/api/v1/projects/${project}/flags/${flag}`,
  flagKeys: ({ project }: In) => at`/api/v1/projects/${project}/flag-keys`,
  bulk: ({ project }: In) => at`/api/v1/projects/${project}/bulk`,
  views: ({ project }: In) => at`/api/v1/projects/${project}/views`,
  view: ({ project, view }: In & { view: string }) => at`/api/v1/projects/${project}/views/${view}`,
  starredView: ({ project }: In) => at`/api/v1/projects/${project}/views/starred`,
  restoreFlag: ({ project, flag }: OfFlag) => at`/api/v1/projects/${project}/flags/${flag}/restore`,
  targeting: ({ project, flag, environment }: OfTargeting) =>
    at`/api/v1/projects/${project}/flags/${flag}/environments/${environment}`,
  kill: ({ project, flag, environment }: OfTargeting) =>
    at`/api/v1/projects/${project}/flags/${flag}/environments/${environment}/kill`,
  segments: ({ project }: In) => at`/api/v1/projects/${project}/segments`,
  segment: ({ project, segment }: OfSegment) => at`/api/v1/projects/${project}/segments/${segment}`,
  segmentUses: (where: OfSegment): string => `${apiPaths.segment(where)}/uses`,
  keys: ({ project, environment }: InEnvironment) =>
    at`/api/v1/projects/${project}/environments/${environment}/keys`,
  key: ({ project, environment, id }: InEnvironment & { id: string }) =>
    at`/api/v1/projects/${project}/environments/${environment}/keys/${id}`,
  webhooks: ({ project }: MaybeIn) =>
    project === null ? '/api/v1/webhooks' : at`/api/v1/projects/${project}/webhooks`,
  webhook: ({ project, webhook }: OfWebhook): string => apiPaths.webhooks({ project }) + at`/${webhook}`,
  rotateWebhook: (where: OfWebhook): string => `${apiPaths.webhook(where)}/rotate`,
  testWebhook: (where: OfWebhook): string => `${apiPaths.webhook(where)}/test`,
  replayDelivery: ({ delivery, ...where }: OfWebhook & { delivery: number }): string =>
    `${apiPaths.webhook(where)}/deliveries/${delivery}/replay`,
  versions: ({ project, environment, ...query }: InEnvironment & { flag?: string; limit?: number }) =>
    withQuery(at`/api/v1/projects/${project}/environments/${environment}/versions`, query),
  audit: ({ project, ...query }: In & AuditSearch & { limit?: number }) =>
    withQuery(at`/api/v1/projects/${project}/audit`, query),
  installationAudit: (query: AuditSearch) => withQuery('/api/v1/audit', query),
  connections: ({ project, environment }: InEnvironment) =>
    at`/api/v1/projects/${project}/environments/${environment}/connections`,
  arrivals: ({ project, environment, flag }: InEnvironment & { flag?: string }) =>
    withQuery(at`/api/v1/projects/${project}/environments/${environment}/arrivals`, { flag }),
  insights: ({ range, ...where }: OfTargeting & { range: string }): string =>
    withQuery(`${apiPaths.targeting(where)}/insights`, { range }),
  rotateKey: (where: InEnvironment & { id: string }): string => `${apiPaths.key(where)}/rotate`,
  propagation: ({ project, environment, version }: InEnvironment & { version: number }) =>
    at`/api/v1/projects/${project}/environments/${environment}/versions/${String(version)}/propagation`,

  people: () => '/api/v1/people',
  person: ({ id }: Id) => at`/api/v1/people/${id}`,
  personLink: ({ id }: Id) => at`/api/v1/people/${id}/link`,
  personSessions: ({ id }: Id) => at`/api/v1/people/${id}/sessions`,
  groups: () => '/api/v1/groups',
  group: ({ id }: Id) => at`/api/v1/groups/${id}`,
  member: ({ id, person }: Id & { person: string }) => at`/api/v1/groups/${id}/members/${person}`,
  roles: () => '/api/v1/roles',
  role: ({ role }: { role: string }) => at`/api/v1/roles/${role}`,
  grants: () => '/api/v1/grants',
  grant: ({ id }: Id) => at`/api/v1/grants/${id}`,
  projectGrants: ({ project }: In) => at`/api/v1/projects/${project}/grants`,
  projectGrant: ({ project, id }: In & Id) => at`/api/v1/projects/${project}/grants/${id}`,
  tokens: () => '/api/v1/tokens',
  token: ({ id }: Id) => at`/api/v1/tokens/${id}`,
  rotateToken: ({ id }: Id) => at`/api/v1/tokens/${id}/rotate`,
  ssoConnections: () => '/api/v1/sso/connections',
  ssoConnection: ({ connection }: OfConnection) => at`/api/v1/sso/connections/${connection}`,
  ssoTests: () => '/api/v1/sso/tests',
  myIdentities: () => '/api/v1/me/identities',
  myIdentity: ({ connection }: OfConnection) => at`/api/v1/me/identities/${connection}`,
  mySessions: () => '/api/v1/me/sessions',
  mySession: ({ id }: Id) => at`/api/v1/me/sessions/${id}`,
  myTokens: () => '/api/v1/me/tokens',
  myToken: ({ id }: Id) => at`/api/v1/me/tokens/${id}`,
  explain: (query: { person: string; project?: string; environment?: string }) =>
    withQuery('/api/v1/explain', query),
}
