import { createHash, randomBytes } from 'node:crypto'
import type { NextApiRequest, NextApiResponse } from 'next'
import NextAuth, { type NextAuthOptions } from 'next-auth'
import type { OAuthConfig } from 'next-auth/providers/oauth'
import { ControlError } from '@/lib/control/errors'
import { type Claims, claimAt, textAt } from '@/lib/control/sso/claims'
import { ssoRefused } from '@/lib/control/sso/refused'
import { type Connection, unsealedSecret } from '@/lib/control/sso/rows'
import { secretFor } from '@/lib/secrets'
import { asking, ONE_QUESTION_MS } from './asking'
import type { Said } from './attempts'
import { discover, type ProviderMetadata } from './discovery'

// The one place that knows next-auth. It speaks OpenID Connect: PKCE, state, nonce, the code, the id token and its keys.
// What it would keep in cookies is kept with the log-in instead, and sessions are rows of ours that it never makes.

/** Of what we take, the first that a provider signs with. Never `none`, and nothing with a shared secret. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA']

const NAMES = {
  state: 'state',
  nonce: 'nonce',
  pkceCodeVerifier: 'pkce',
  csrfToken: 'csrf',
  callbackUrl: 'callback',
}
const DONE = '/done'

type Provider = OAuthConfig<Claims>
type Client = Parameters<NonNullable<Extract<Provider['token'], object>['request']>>[0]['client']

type TokenSet = Parameters<Client['userinfo']>[0] & { claims(): object }

type Oidc = Connection & { settings: { kind: 'oidc' } }

/** RFC 9207: the answer comes from whom we asked. */
function assertIssuer(found: ProviderMetadata, iss: string | undefined): void {
  if (iss === undefined && !found.authorization_response_iss_parameter_supported) return
  if (iss !== found.issuer) throw ssoRefused('refused', 'the answer names another issuer')
}

/** The claims of an id token; where groups or the address are not among them, also what the provider tells if asked. */
async function claimsOf(
  connection: Connection,
  found: ProviderMetadata,
  client: Client,
  tokens: TokenSet,
): Promise<Claims> {
  const claims = tokens.claims() as object as Claims
  const isWhole = claimAt(claims, connection.groupsClaim) !== undefined && textAt(claims, 'email') !== null
  if (isWhole || found.userinfo_endpoint === undefined) return claims
  // It refuses what is about another subject; what the token says, which is signed, counts for more.
  const more = await client.userinfo(tokens)
  return { ...(more as object as Claims), ...claims }
}

type Heard = { claims?: Claims; failure?: unknown }

function providerOf(connection: Oidc, found: ProviderMetadata, heard: Heard): Provider {
  const { key, name, secret, settings } = connection
  const heeding =
    <A, R>(work: (asked: A) => Promise<R>) =>
    async (asked: A): Promise<R> => {
      try {
        return await work(asked)
      } catch (error) {
        heard.failure = error // next-auth logs its own words and hides this
        throw error
      }
    }
  return {
    id: key,
    name,
    type: 'oauth',
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    issuer: found.issuer,
    jwks_endpoint: found.jwks_uri,
    clientId: settings.clientId,
    clientSecret: secret === null ? undefined : unsealedSecret(key, secret),
    client: {
      id_token_signed_response_alg:
        ALGORITHMS.find((alg) => found.id_token_signing_alg_values_supported.includes(alg)) ?? 'RS256',
      token_endpoint_auth_method: found.token_endpoint_auth_methods_supported.includes('client_secret_basic')
        ? 'client_secret_basic'
        : 'client_secret_post',
    },
    authorization: { url: found.authorization_endpoint, params: { scope: settings.scopes.join(' ') } },
    token: {
      url: found.token_endpoint,
      request: heeding(async ({ client, params, checks, provider }) => {
        assertIssuer(found, (params as { iss?: string }).iss)
        return {
          tokens: await client.callback(provider.callbackUrl, params, { ...checks, response_type: 'code' }),
        }
      }),
    },
    userinfo: {
      url: found.userinfo_endpoint,
      request: heeding(
        ({ client, tokens }) => claimsOf(connection, found, client, tokens as TokenSet) as Promise<never>,
      ),
    },
    profile: (claims) => {
      heard.claims = claims
      return { id: String(claims.sub) }
    },
    httpOptions: { timeout: ONE_QUESTION_MS },
  }
}

const silent = { error() {}, warn() {}, debug() {} } // what went wrong is heard above, and told by us

const options = (provider: Provider): NextAuthOptions => ({
  providers: [provider],
  secret: secretFor('session').toString('hex'),
  cookies: Object.fromEntries(
    Object.entries(NAMES).map(([kind, name]) => [kind, { name, options: { maxAge: 10 * 60 } }]),
  ),
  callbacks: { signIn: () => DONE }, // it ends here: no session of next-auth's own is ever made
  logger: silent,
})

type Asked = {
  action: 'signin' | 'callback'
  query: Record<string, string>
  cookies: Record<string, string>
  body?: Record<string, string>
}

/** Calls next-auth as a page of the older router would, without any browser. */
async function call(provider: Provider, { action, query, cookies, body }: Asked) {
  const headers = new Map<string, unknown>()
  const response = {
    status: () => response,
    setHeader: (name: string, value: unknown) => headers.set(name.toLowerCase(), value) && response,
    getHeader: (name: string) => headers.get(name.toLowerCase()),
    end() {},
    json() {},
    send() {},
  }
  const request = {
    method: body ? 'POST' : 'GET',
    query: { ...query, nextauth: [action, provider.id] },
    cookies,
    body,
    headers: {},
  }
  await NextAuth(request as never as NextApiRequest, response as never as NextApiResponse, options(provider))
  const set = ([headers.get('set-cookie') ?? []].flat() as string[]).map((line) => {
    const [pair] = line.split(';', 1)
    const at = pair!.indexOf('=')
    return [pair!.slice(0, at), decodeURIComponent(pair!.slice(at + 1))] as const
  })
  return { location: String(headers.get('location') ?? ''), cookies: Object.fromEntries(set) }
}

/** What proves to next-auth that its form was ours: our own door has looked at where the request comes from. */
function csrf() {
  const token = randomBytes(32).toString('hex')
  const proof = createHash('sha256')
    .update(`${token}${secretFor('session').toString('hex')}`)
    .digest('hex')
  return { cookie: `${token}|${proof}`, token }
}

/** Where a browser goes to log in. `again`: even if the provider remembers it. */
export function beginOidc(connection: Oidc, again: boolean) {
  return asking(connection.issuer, async () => {
    const found = await discover(connection.issuer)
    const { cookie, token } = csrf()
    const { location, cookies } = await call(providerOf(connection, found, {}), {
      action: 'signin',
      query: again ? { prompt: 'login', max_age: '0' } : {},
      cookies: { [NAMES.csrfToken]: cookie },
      body: { csrfToken: token },
    })
    const ref = URL.canParse(location) ? new URL(location).searchParams.get('state') : null
    if (ref === null) throw new Error(`next-auth did not begin a log-in at ${connection.key}`)
    const { state, nonce, pkce } = cookies
    return { redirect: location, ref, checks: { state: state!, nonce: nonce!, pkce: pkce! } }
  })
}

/** Whom an answer means, once everything about it holds. */
export async function finishOidc(
  connection: Oidc,
  checks: Readonly<Record<string, string>>,
  query: Record<string, string>,
): Promise<Said> {
  const heard: Heard = {}
  try {
    await asking(connection.issuer, async () => {
      const provider = providerOf(connection, await discover(connection.issuer), heard)
      const { location } = await call(provider, { action: 'callback', query, cookies: { ...checks } })
      if (heard.failure || location !== DONE) throw heard.failure ?? new Error('next-auth let nobody in')
    })
  } catch (error) {
    throw error instanceof ControlError ? error : ssoRefused('refused', (error as Error).message)
  }
  const claims = heard.claims!
  const { sub, auth_time: at } = claims
  if (typeof sub !== 'string' || sub === '') throw ssoRefused('refused', 'the id token names no subject')
  return { subject: sub, claims, authenticatedAt: typeof at === 'number' ? at * 1_000 : null }
}
