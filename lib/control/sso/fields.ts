import { X509Certificate } from 'node:crypto'
import { z } from 'zod'
import type { MappingRule } from '@/db/sso'
import { endpointFault } from '@/lib/outbound/endpoint'
import { name, ref } from '../schemas'

const KEY_RULE = 'use 1 to 40 small letters, digits or "-", starting with a letter or digit'
/** What a session says of how it was signed in to, where that was no connection; and pages beside those of connections. */
const TAKEN = new Set(['link', 'password', 'break-glass', 'new', 'tests'])

const endpoint = z.string().superRefine((text, issue) => {
  const fault = endpointFault(text)
  if (fault) issue.addIssue({ code: 'custom', message: fault })
})

const claim = z.string().trim().min(1, 'name a claim').max(200, 'at most 200 characters')
const group = z
  .string()
  .trim()
  .min(1, 'name a group, as the provider calls it')
  .max(300, 'at most 300 characters')

const rule = z
  .union(
    [
      z
        .strictObject({
          group,
          role: ref,
          project: ref.nullable().default(null),
          environment: ref.nullable().default(null),
        })
        .refine(({ project, environment }) => environment === null || project !== null, {
          message: 'an environment is named with its project',
          path: ['project'],
        }),
      z.strictObject({ group, joins: ref }),
    ],
    { error: 'name a group and what it gives: { group, role, project, environment } or { group, joins }' },
  )
  .meta({ title: 'MappingRuleInput' }) as z.ZodType<
  MappingRule,
  MappingRule | { group: string; role: string; project?: string; environment?: string }
>

const WRAPPED = /-----BEGIN CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END CERTIFICATE-----/g

/** A certificate as node-saml and OpenSSL read it; null where it is none. */
function readCertificate(base64: string): string | null {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64')).toString()
  } catch {
    return null
  }
}

/** Certificates in PEM, one below the other, or the bare text between those lines. */
const certificates = z
  .string()
  .min(1, 'paste the certificate that the provider signs with')
  .max(40_000, 'at most 40,000 characters')
  .transform((text, issue) => {
    const wrapped = [...text.matchAll(WRAPPED)].map(([, body]) => body!)
    const read = (wrapped.length > 0 ? wrapped : [text]).map(readCertificate)
    if (read.length <= 5 && read.every((pem) => pem !== null)) return read
    issue.addIssue({
      code: 'custom',
      message: 'paste one to five certificates in PEM, beginning with -----BEGIN CERTIFICATE-----',
    })
    return z.NEVER
  })

const common = {
  name,
  enabled: z.boolean().default(true),
  groupsClaim: claim.default('groups'),
  fallback: z.enum(['none', 'viewer']).default('none'),
  scimMatch: z
    .strictObject({ field: z.enum(['externalId', 'userName']), claim })
    .nullable()
    .default(null),
  mapping: z.array(rule).max(200, 'at most 200 rules').default([]),
}

const scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, 'scopes have no spaces')

const oidc = {
  kind: z.literal('oidc'),
  issuer: endpoint,
  clientId: z.string().trim().min(1, 'paste the client id').max(500, 'at most 500 characters'),
  /** Left out: the one that is kept stays. */
  clientSecret: z
    .string()
    .min(1, 'paste the client secret')
    .max(2_000, 'at most 2,000 characters')
    .optional(),
  scopes: z
    .array(scope)
    .max(20, 'at most 20 scopes')
    .default(['openid', 'email', 'profile'])
    .refine((scopes) => scopes.includes('openid'), 'OpenID Connect needs the scope "openid"'),
}

const saml = {
  kind: z.literal('saml'),
  issuer: z
    .string()
    .trim()
    .min(1, 'paste the entity id of the provider')
    .max(1_000, 'at most 1,000 characters'),
  entryPoint: endpoint,
  certificates,
}

export const connectionKey = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, KEY_RULE)
  .refine((key) => !TAKEN.has(key), 'this name is taken by Jackstaff itself')

/** What can be said of a connection, under the names of the API. */
export const connectionInput = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ key: connectionKey, ...common, ...oidc }),
    z.strictObject({ key: connectionKey, ...common, ...saml }),
  ],
  { error: 'use "oidc" or "saml"' },
)

export type ConnectionInput = z.output<typeof connectionInput>
