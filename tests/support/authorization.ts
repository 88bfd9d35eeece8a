import type { Role } from '@/lib/control/roles'

export const everyone = ['viewer', 'editor', 'publisher', 'admin'] as const satisfies readonly Role[]
const editors = ['editor', 'publisher', 'admin'] as const
const publishers = ['publisher', 'admin'] as const
const admins = ['admin'] as const

export const SHOP = '/projects/shop'
const FLAG = `${SHOP}/flags/checkout`
const PRODUCTION = `${SHOP}/environments/production`
const TARGETING = `${FLAG}/environments/production`
export const targeting = { on: true, offVariant: 'off', fallthrough: { variant: 'on' } }

export type Line = [
  method: string,
  path: string,
  allowed: readonly Role[],
  /** What somebody who may gets: each line leaves things as they were, or asks for what is not there. */
  status: number,
  body?: unknown,
  headers?: Record<string, string>,
]

const any = { 'if-match': '*' }

// Written by hand on purpose: who may do what is decided here, not read off the code. What is answered to whoever may is
// unlike any refusal, else nobody would notice that a permission is gone: tests/integration/permissions-matter.test.ts.
export const matrix: readonly Line[] = [
  ['GET', '/projects', everyone, 200],
  ['POST', '/projects', admins, 409, { key: 'shop', name: 'Again' }],
  ['GET', SHOP, everyone, 200],
  ['GET', `${SHOP}/environments`, everyone, 200],
  ['POST', `${SHOP}/environments`, admins, 409, { key: 'production', name: 'Again' }],
  ['PATCH', PRODUCTION, admins, 200, { name: 'Production' }],
  ['DELETE', `${SHOP}/environments/nowhere`, admins, 404],
  ['GET', `${SHOP}/flags`, everyone, 200],
  ['POST', `${SHOP}/flags`, editors, 409, { key: 'checkout', name: 'Again', type: 'boolean' }],
  ['GET', `${SHOP}/flag-keys`, everyone, 200],
  ['POST', `${SHOP}/bulk`, editors, 200, { flags: ['nothing'], do: { action: 'tag', tag: 'beta' } }],
  ['GET', `${SHOP}/views`, everyone, 200],
  ['POST', `${SHOP}/views`, everyone, 422, { name: '', query: '' }],
  ['PATCH', `${SHOP}/views/nothing`, everyone, 422, { name: '' }],
  ['DELETE', `${SHOP}/views/nothing`, everyone, 422, { odd: 1 }],
  ['PUT', `${SHOP}/views/starred`, everyone, 422, {}],
  ['GET', FLAG, everyone, 200],
  ['PATCH', FLAG, editors, 200, { name: 'Checkout' }, any],
  ['PATCH', FLAG, publishers, 200, { variants: { on: true, off: false } }, any],
  ['PATCH', FLAG, publishers, 200, { browser: true }, any],
  ['DELETE', `${SHOP}/flags/nothing`, publishers, 404],
  ['POST', `${FLAG}/restore`, publishers, 200],
  ['GET', TARGETING, everyone, 200],
  ['PUT', TARGETING, publishers, 200, targeting, any],
  ['PUT', `${SHOP}/flags/nothing/environments/production/kill`, publishers, 404, { reason: 'x' }],
  ['PUT', `${SHOP}/flags/nothing/kill`, publishers, 404, { reason: 'x' }],
  ['GET', `${TARGETING}/insights?range=week`, everyone, 200],
  ['GET', `${TARGETING}/kill?odd=1`, everyone, 422],
  ['DELETE', `${TARGETING}/kill`, publishers, 404],
  ['GET', `${SHOP}/changes`, everyone, 200],
  ['GET', `${PRODUCTION}/changes`, everyone, 200],
  ['POST', `${PRODUCTION}/changes`, editors, 422, { changes: [], mode: 'draft' }],
  ['GET', `${PRODUCTION}/changes/nothing?odd=1`, everyone, 422],
  ['PATCH', `${PRODUCTION}/changes/nothing`, editors, 404, { comment: 'None' }],
  ['DELETE', `${PRODUCTION}/changes/nothing`, editors, 404],
  ['POST', `${PRODUCTION}/changes/nothing/approve`, publishers, 404, { hash: '0'.repeat(64) }],
  ['POST', `${PRODUCTION}/changes/nothing/reject`, publishers, 404, { hash: '0'.repeat(64) }],
  ['POST', `${PRODUCTION}/changes/nothing/publish`, editors, 404, {}],
  ['GET', `${SHOP}/segments`, everyone, 200],
  ['POST', `${SHOP}/segments`, editors, 409, { key: 'used', name: 'Again' }],
  ['GET', `${SHOP}/segments/used`, everyone, 200],
  ['GET', `${SHOP}/segments/used/uses`, everyone, 200],
  ['PUT', `${SHOP}/segments/idle`, editors, 200, { name: 'Idle' }, any],
  ['PUT', `${SHOP}/segments/used`, publishers, 200, { name: 'Used' }, any],
  ['DELETE', `${SHOP}/segments/nothing`, editors, 404],
  ['GET', `${PRODUCTION}/connections`, publishers, 200],
  ['GET', `${PRODUCTION}/arrivals?flag=checkout`, everyone, 200],
  ['GET', `${PRODUCTION}/keys`, publishers, 200],
  ['POST', `${PRODUCTION}/keys`, admins, 422, { kind: 'client', mode: 'half', name: 'no mode' }],
  ['GET', `${SHOP}/attributes`, everyone, 200],
  ['GET', `${SHOP}/attributes/seen`, everyone, 200],
  ['PUT', `${SHOP}/attributes`, admins, 200, { attributes: {} }],
  ['DELETE', `${PRODUCTION}/keys/nothing`, admins, 404],
  ['PATCH', `${PRODUCTION}/keys/nothing`, admins, 404, { name: 'Else' }],
  ['POST', `${PRODUCTION}/keys/nothing/rotate`, admins, 404, { overlapHours: 1 }],
  ['POST', `${PRODUCTION}/evaluate`, everyone, 200, { flag: 'checkout' }],
  ['GET', `${PRODUCTION}/versions`, everyone, 200],
  ['GET', `${PRODUCTION}/versions/1`, everyone, 200],
  ['GET', `${PRODUCTION}/versions/1/propagation`, everyone, 200],
  ['POST', `${PRODUCTION}/versions/restore`, publishers, 409, { version: 1, flags: ['checkout'] }],
  ['GET', `${SHOP}/audit`, everyone, 200],
  ['GET', '/audit', everyone, 200],
  ['GET', `${SHOP}/webhooks`, publishers, 200],
  ['POST', `${SHOP}/webhooks`, admins, 422, { name: 'Inside', url: 'https://10.0.0.1/' }],
  ['GET', `${SHOP}/webhooks/nothing`, publishers, 404],
  ['PATCH', `${SHOP}/webhooks/nothing`, admins, 404, { name: 'Nothing' }],
  ['DELETE', `${SHOP}/webhooks/nothing`, admins, 404],
  ['POST', `${SHOP}/webhooks/nothing/rotate`, admins, 404],
  ['POST', `${SHOP}/webhooks/nothing/test`, admins, 404],
  ['GET', `${SHOP}/webhooks/nothing/deliveries`, publishers, 404],
  ['POST', `${SHOP}/webhooks/nothing/deliveries/1/replay`, admins, 404],
  ['GET', '/webhooks', publishers, 200],
  ['POST', '/webhooks', admins, 422, { name: 'Inside', url: 'https://10.0.0.1/' }],
  ['GET', '/webhooks/nothing', publishers, 404],
  ['PATCH', '/webhooks/nothing', admins, 422, { name: '' }],
  ['DELETE', '/webhooks/nothing', admins, 404],
  ['POST', '/webhooks/nothing/rotate', admins, 404],
  ['POST', '/webhooks/nothing/test', admins, 404],
  ['GET', '/webhooks/nothing/deliveries', publishers, 404],
  ['POST', '/webhooks/nothing/deliveries/1/replay', admins, 404],
  ['GET', '/me', everyone, 200],
  ['GET', '/me/sessions', everyone, 403], // a service has none
  ['DELETE', '/me/sessions', everyone, 403],
  ['DELETE', '/me/sessions/nothing', everyone, 403],
  ['GET', '/me/tokens', everyone, 403],
  ['POST', '/me/tokens', everyone, 403, { name: 'Mine' }],
  ['DELETE', '/me/tokens/nothing', everyone, 403],
  ['GET', '/me/identities', everyone, 403],
  ['POST', '/me/identities', everyone, 403, { connection: 'nothing' }],
  ['DELETE', '/me/identities/nothing', everyone, 403],
  ['GET', '/sso/connections', admins, 200],
  [
    'POST',
    '/sso/connections',
    admins,
    422,
    { kind: 'oidc', key: 'idp', name: 'Inside', issuer: 'http://10.0.0.1' },
  ],
  ['GET', '/sso/connections/nothing', admins, 404],
  ['PUT', '/sso/connections/nothing', admins, 422, { kind: 'oidc' }],
  ['DELETE', '/sso/connections/nothing', admins, 404],
  ['POST', '/sso/tests', admins, 422, { kind: 'saml' }],
  ['GET', '/sso/tests/nothing', admins, 404],
  ['GET', '/people', everyone, 200],
  ['POST', '/people', admins, 422, { name: 'Ana', email: 'no address' }],
  ['GET', '/people/nobody', everyone, 404],
  ['PATCH', '/people/nobody', admins, 404, { disabled: true }],
  ['POST', '/people/nobody/link', admins, 404],
  ['GET', '/people/nobody/sessions', admins, 404],
  ['DELETE', '/people/nobody/sessions', admins, 404],
  ['GET', '/groups', everyone, 200],
  ['POST', '/groups', admins, 422, { name: '' }],
  ['GET', '/groups/nothing', everyone, 404],
  ['PATCH', '/groups/nothing', admins, 404, { name: 'Else' }],
  ['DELETE', '/groups/nothing', admins, 404],
  ['PUT', '/groups/nothing/members/nobody', admins, 404],
  ['DELETE', '/groups/nothing/members/nobody', admins, 404],
  ['GET', '/roles', everyone, 200],
  ['POST', '/roles', admins, 422, { key: 'admin', name: 'Again', permissions: ['flag:read'] }],
  ['GET', '/roles/viewer', everyone, 200],
  ['PATCH', '/roles/nothing', admins, 404, { name: 'Else' }],
  ['DELETE', '/roles/nothing', admins, 404],
  ['GET', '/grants', everyone, 200],
  ['POST', '/grants', admins, 422, { person: 'nobody', role: '' }],
  ['DELETE', '/grants/2147483647', admins, 404],
  ['GET', `${SHOP}/grants`, everyone, 200],
  ['POST', `${SHOP}/grants`, admins, 422, { person: 'nobody', role: '' }],
  ['DELETE', `${SHOP}/grants/2147483647`, admins, 404],
  ['GET', '/tokens', admins, 200],
  ['POST', '/tokens', admins, 422, { name: 'No role', grants: [] }],
  ['DELETE', '/tokens/nothing', admins, 404],
  ['POST', '/tokens/nothing/rotate', admins, 404, { overlapHours: 1 }],
  ['GET', '/explain?person=&project=shop&environment=production', everyone, 422],
]

/** A line in production while it is protected. `code`: what whoever may is refused by; null where it is let in. */
export type GuardedLine = {
  line: Line
  code: 'approval_needed' | null
  /** People alone, whatever a token's role. */
  people?: true
}

const quarter = {
  ...targeting,
  fallthrough: {
    rollout: { share: 25_000, split: [{ variant: 'on', weight: 100_000 }], rest: { variant: 'off' } },
  },
}
/** What is there: a kill, a proposal by somebody else, and the version of the targeting in production. */
type Present = { kill: string; proposal: { id: string; hash: string }; version: string }

/** Targeting as part of a change. */
export const asPart = (flag: string, ifMatch: string) => ({
  op: 'targeting',
  ifMatch,
  input: { flag, ...quarter },
})

export const guardedMatrix = ({ kill, proposal, version }: Present): readonly GuardedLine[] => [
  { line: ['PUT', TARGETING, publishers, 200, quarter, any], code: 'approval_needed' },
  { line: ['PATCH', FLAG, publishers, 200, { browser: false }, any], code: 'approval_needed' },
  { line: ['DELETE', FLAG, publishers, 200], code: 'approval_needed' },
  {
    line: ['PUT', `${SHOP}/segments/used`, publishers, 200, { name: 'Used', included: ['ana'] }, any],
    code: 'approval_needed',
  },
  {
    line: ['PUT', `${SHOP}/attributes`, admins, 200, { attributes: { plan: 'public' } }],
    code: 'approval_needed',
  },
  {
    line: [
      'POST',
      `${PRODUCTION}/changes`,
      publishers,
      201,
      { changes: [asPart('checkout', version)], mode: 'publish' },
    ],
    code: 'approval_needed',
  },
  {
    line: ['DELETE', `${TARGETING}/kill`, publishers, 204, undefined, { 'if-match': kill }],
    code: 'approval_needed',
  },
  { line: ['PUT', `${TARGETING}/kill`, publishers, 200, { reason: 'again' }], code: null },
  { line: ['PATCH', FLAG, editors, 200, { name: 'Checkout' }, any], code: null },
  {
    line: [
      'POST',
      `${PRODUCTION}/changes`,
      editors,
      201,
      { changes: [asPart('checkout', version)], mode: 'draft' },
    ],
    code: null,
  },
  {
    line: ['POST', `${PRODUCTION}/changes/${proposal.id}/approve`, publishers, 200, { hash: proposal.hash }],
    code: null,
    people: true,
  },
  { line: ['DELETE', PRODUCTION, admins, 409], code: null },
]

/** About whoever asks: who they are decides, and no role. */
export const isOwn = (path: string) => path === '/me' || path.startsWith('/me/')

/** Answered to everyone who is signed in: what there is for them, and what roles mean. */
const isForAll = ([method, path]: Line) =>
  method === 'GET' && ['/projects', '/roles', '/roles/viewer'].includes(path)

const isRead = ([, , allowed]: Line) => allowed === everyone
/** By its path, or by what it asks about. */
const inShop = ([, path]: Line) =>
  path === SHOP || path.startsWith(`${SHOP}/`) || path.includes('project=shop')
const inProduction = ([, path]: Line) => /\/environments\/production(\/|$)/.test(path)

/** Where a role is held. */
export type Where =
  | 'the installation'
  | 'the project'
  | 'its environment'
  | 'another environment'
  | 'another project'

/** What a line has to answer: its own status where it is allowed, else how it is refused. */
export function expectedIn(line: Line, { role, where }: { role: Role; where: Where }): number {
  const [, , allowed, status] = line
  if (isForAll(line)) return status
  const holds = (allowed as readonly Role[]).includes(role)
  const yes = (is: boolean) => (is && holds ? status : 403)
  if (where === 'the installation') return yes(true)
  if (!inShop(line)) return 403
  if (where === 'another project') return 404
  if (where === 'the project' || isRead(line)) return yes(true)
  return yes(where === 'its environment' && inProduction(line))
}
