import type { MappingRule, SsoFallback } from '@/db/sso'
import type { SsoConnectionView } from '@/lib/control/sso/views'
import type { ConnectionFields } from '@/lib/sso-client'

export const kindName = { oidc: 'OpenID Connect', saml: 'SAML 2.0' } as const

export type Kind = keyof typeof kindName

/** A rule in the form. `gives`: `role <key>` or `group <id>`. */
export type DraftRule = {
  id: number
  group: string
  gives: string
  project: string | null
  environment: string | null
}

/** What stands in the form, whichever kind is chosen: nothing typed is lost by looking at the other. */
export type Draft = {
  kind: Kind
  key: string
  name: string
  enabled: boolean
  issuer: string
  clientId: string
  clientSecret: string
  scopes: string[]
  entryPoint: string
  certificates: string
  groupsClaim: string
  fallback: SsoFallback
  scimField: 'none' | 'externalId' | 'userName'
  scimClaim: string
  rules: DraftRule[]
}

export const blank: Draft = {
  kind: 'oidc',
  key: '',
  name: '',
  enabled: true,
  issuer: '',
  clientId: '',
  clientSecret: '',
  scopes: ['openid', 'email', 'profile'],
  entryPoint: '',
  certificates: '',
  groupsClaim: 'groups',
  fallback: 'none',
  scimField: 'none',
  scimClaim: 'sub',
  rules: [],
}

const ruleOf = (rule: MappingRule, id: number): DraftRule =>
  'role' in rule
    ? {
        id,
        group: rule.group,
        gives: `role ${rule.role}`,
        project: rule.project,
        environment: rule.environment,
      }
    : { id, group: rule.group, gives: `group ${rule.joins}`, project: null, environment: null }

/** A saved connection, in the form. Its secret is never read back. */
export function draftOf(view: SsoConnectionView): Draft {
  const { key, name, enabled, issuer, groupsClaim, fallback, scimMatch, mapping } = view
  return {
    ...blank,
    key,
    name,
    enabled,
    issuer,
    groupsClaim,
    fallback,
    scimField: scimMatch?.field ?? 'none',
    scimClaim: scimMatch?.claim ?? 'sub',
    rules: mapping.map(ruleOf),
    ...(view.kind === 'oidc'
      ? { kind: 'oidc', clientId: view.clientId, scopes: view.scopes }
      : { kind: 'saml', entryPoint: view.entryPoint, certificates: view.certificates.join('') }),
  }
}

function mappingOf({ group, gives, project, environment }: DraftRule): MappingRule {
  const [kind, id] = [gives.slice(0, gives.indexOf(' ')), gives.slice(gives.indexOf(' ') + 1)]
  return kind === 'group' ? { group, joins: id } : { group, role: id, project, environment }
}

/** The form, as the API takes it. */
export function fieldsOf(draft: Draft): ConnectionFields {
  const { name, enabled, issuer, groupsClaim, fallback, scimField, scimClaim, rules } = draft
  const common = {
    name,
    enabled,
    issuer: issuer.trim(),
    groupsClaim,
    fallback,
    scimMatch: scimField === 'none' ? null : { field: scimField, claim: scimClaim },
    mapping: rules.map(mappingOf),
  }
  if (draft.kind === 'saml')
    return { kind: 'saml', ...common, entryPoint: draft.entryPoint.trim(), certificates: draft.certificates }
  const { clientId, clientSecret, scopes } = draft
  return { kind: 'oidc', ...common, clientId, scopes, ...(clientSecret !== '' && { clientSecret }) }
}
