import type { SsoConnectionView } from '@/lib/control/sso/views'
import { call } from './api-client'
import { apiPaths } from './paths'

/** Where the browser goes to log in. */
type Begun = { redirect: string; id: string }

/** A connection as a form says it. */
export type ConnectionFields = Pick<
  SsoConnectionView,
  'name' | 'enabled' | 'issuer' | 'groupsClaim' | 'fallback' | 'scimMatch' | 'mapping'
> &
  (
    | { kind: 'oidc'; clientId: string; clientSecret?: string; scopes: string[] }
    | { kind: 'saml'; entryPoint: string; certificates: string }
  )

/** The writes of the pages about single sign-on, through the same door as all others. */
export const ssoApi = {
  signIn: (body: { connection: string; next?: string | undefined; again?: boolean }) =>
    call<Begun>('POST', apiPaths.signInBySso(), { body }),
  breakGlass: (body: { passphrase: string; reason: string; next?: string | undefined }) =>
    call<{ redirect: string }>('POST', apiPaths.breakGlass(), { body }),
  create: (key: string, fields: ConnectionFields) =>
    call<SsoConnectionView>('POST', apiPaths.ssoConnections(), { body: { key, ...fields } }),
  replace: (connection: string, fields: ConnectionFields) =>
    call<SsoConnectionView>('PUT', apiPaths.ssoConnection({ connection }), { body: fields }),
  delete: (connection: string) => call<unknown>('DELETE', apiPaths.ssoConnection({ connection })),
  test: (key: string, fields: ConnectionFields) =>
    call<Begun>('POST', apiPaths.ssoTests(), { body: { key, ...fields } }),
  link: (connection: string) => call<Begun>('POST', apiPaths.myIdentities(), { body: { connection } }),
  unlink: (connection: string) => call<unknown>('DELETE', apiPaths.myIdentity({ connection })),
}
