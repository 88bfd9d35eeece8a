import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { freePort } from './process'

/** What an authorization request asks for. */
export type Asked = {
  state: string
  nonce: string
  redirectUri: string
  challenge: string
  query: URLSearchParams
}

export const readAsked = (redirect: string): Asked => {
  const { searchParams: query } = new URL(redirect)
  return {
    state: query.get('state')!,
    nonce: query.get('nonce')!,
    redirectUri: query.get('redirect_uri')!,
    challenge: query.get('code_challenge')!,
    query,
  }
}

type Issue = { challenge: string; idToken: string; clientId?: string; userinfo?: Record<string, unknown> }

/**
 * An identity provider that answers whatever it is told to: by default what is right, signed with its own key. Codes are
 * good for ever here, so that what refuses a second use is ours.
 */
export async function startScriptedIdp({
  clientId,
  clientSecret,
}: {
  clientId: string
  clientSecret: string
}) {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const own = await generateKeyPair('RS256', { extractable: true })
  const other = await generateKeyPair('RS256', { extractable: true })
  const publicPem = await exportSPKI(own.publicKey)
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'own', alg: 'RS256', use: 'sig' }
  const codes = new Map<string, Issue>()
  const asked = { token: 0, withoutVerifier: 0 }
  let metadata: Record<string, unknown> = {}
  let current: Issue | null = null
  let silent = false

  const server = createServer(async (request, response) => {
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
    const { pathname } = new URL(request.url!, issuer)
    if (pathname === '/.well-known/openid-configuration')
      return json(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        userinfo_endpoint: `${issuer}/userinfo`,
        id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
        ...metadata,
      })
    if (pathname === '/jwks') return json(200, { keys: [jwk] })
    if (pathname === '/userinfo') return json(200, current?.userinfo ?? { sub: 'nobody' })
    if (pathname !== '/token') return json(404, {})
    asked.token++
    if (silent) return // and the connection stays open
    const issue = codes.get(form.get('code') ?? '')
    const basic = Buffer.from(request.headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString()
    if (basic !== `${clientId}:${clientSecret}`) return json(401, { error: 'invalid_client' })
    if (!issue || (issue.clientId ?? clientId) !== clientId) return json(400, { error: 'invalid_grant' })
    const verifier = form.get('code_verifier')
    if (!verifier) asked.withoutVerifier++
    const hash = createHash('sha256')
      .update(verifier ?? '')
      .digest('base64url')
    if (hash !== issue.challenge) return json(400, { error: 'invalid_grant', error_description: 'PKCE' })
    current = issue
    return json(200, { access_token: 'at', token_type: 'Bearer', expires_in: 60, id_token: issue.idToken })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))

  const now = () => Math.floor(Date.now() / 1_000)
  let serial = 0
  return {
    issuer,
    asked,
    keys: { own: own.privateKey, other: other.privateKey, publicPem },
    /** Says something else of itself. */
    describe(more: Record<string, unknown>) {
      metadata = more
    },
    /** What a right id token holds. */
    claims: (nonce: string, more: JWTPayload = {}): JWTPayload => ({
      iss: issuer,
      aud: clientId,
      sub: 'somebody',
      nonce,
      iat: now(),
      exp: now() + 300,
      email: 'somebody@example.com',
      name: 'Somebody',
      groups: ['eng'],
      ...more,
    }),
    /** Takes questions about codes from now on, and answers none. */
    fallSilent() {
      silent = true
    },
    now,
    sign: (
      claims: JWTPayload,
      key: Parameters<SignJWT['sign']>[0] = own.privateKey,
      alg = 'RS256',
      kid = 'own',
    ) => new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(key),
    /** A code for a token. */
    code(issue: Issue): string {
      const code = `code-${++serial}`
      codes.set(code, issue)
      return code
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export type ScriptedIdp = Awaited<ReturnType<typeof startScriptedIdp>>
