import { EDITED, largeFlag } from '../../scripts/cli/large-flags'

const project = '/projects/large'
const FLAG = largeFlag(EDITED).key

/** Every page of the dashboard that lists, searches or shows what a project has. */
export const pages: Readonly<Record<string, string>> = {
  projects: '/projects',
  flags: `${project}/flags`,
  'flags, a word': `${project}/flags?q=checkout`,
  'flags, no such word': `${project}/flags?q=nothing-like-it`,
  'flags, tag and owner': `${project}/flags?q=tag%3Abeta+owner%3Ateam-search`,
  'flags, stale': `${project}/flags?q=stale%3Ayes`,
  'flags, archived': `${project}/flags?archived=yes`,
  flag: `${project}/flags/${FLAG}?environment=production`,
  'flag, insights': `${project}/flags/${FLAG}?environment=production&tab=insights`,
  'flag, history': `${project}/flags/${FLAG}?environment=production&tab=history`,
  'flag, settings': `${project}/flags/${FLAG}?environment=production&tab=settings`,
  'flag, code': `${project}/flags/${FLAG}?environment=production&tab=code`,
  segments: `${project}/segments`,
  segment: `${project}/segments/checkout-group-8`,
  approvals: `${project}/approvals`,
  environments: `${project}/environments`,
  compare: `${project}/environments/compare?from=staging&to=production`,
  connections: `${project}/connections?environment=production`,
  webhooks: `${project}/webhooks`,
  members: `${project}/members`,
  audit: `${project}/audit`,
  'get started': `${project}/get-started`,
  'settings, members': '/settings/members',
  'settings, groups': '/settings/groups',
  'settings, roles': '/settings/roles',
  'settings, tokens': '/settings/tokens',
  'settings, sign-on': '/settings/sso',
  'settings, audit': '/settings/audit',
  'settings, my sessions': '/settings/sessions',
  'settings, my tokens': '/settings/my-tokens',
}

/** The lists of the API behind them. */
export const lists: Readonly<Record<string, string>> = {
  flags: `/api/v1${project}/flags?limit=50`,
  'flags, a word': `/api/v1${project}/flags?limit=50&q=checkout`,
  'flags, stale': `/api/v1${project}/flags?limit=50&stale=true`,
  'palette, a word': `/api/v1${project}/flags?limit=8&q=checkout`,
  segments: `/api/v1${project}/segments?limit=50`,
  versions: `/api/v1${project}/environments/production/versions?limit=50`,
  audit: `/api/v1${project}/audit?limit=50`,
}
