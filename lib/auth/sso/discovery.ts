import { z } from 'zod'
import { ssoRefused } from '@/lib/control/sso/refused'
import { endpointFault } from '@/lib/outbound/endpoint'
import { ONE_QUESTION_MS, unreachable } from './asking'

const MOST_BYTES = 256 * 1024
const KEPT_MS = 5 * 60_000 // a provider that moves its endpoints is followed within this

const endpoint = z.string().refine((text) => endpointFault(text) === null, 'is neither https nor loopback')

/** OpenID Connect Discovery 1.0, section 3: what we use of it. */
const metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: endpoint,
  token_endpoint: endpoint,
  jwks_uri: endpoint,
  userinfo_endpoint: endpoint.optional(),
  id_token_signing_alg_values_supported: z.array(z.string()).default(['RS256']),
  token_endpoint_auth_methods_supported: z.array(z.string()).default(['client_secret_basic']),
  authorization_response_iss_parameter_supported: z.boolean().default(false),
})

export type ProviderMetadata = z.output<typeof metadata>

const shared = globalThis as { jackstaffSsoMetadata?: Map<string, { at: number; found: ProviderMetadata }> }
shared.jackstaffSsoMetadata ??= new Map()
const kept = shared.jackstaffSsoMetadata

async function bounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > MOST_BYTES) throw ssoRefused('refused', 'the discovery document is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function read(issuer: string, text: string): ProviderMetadata {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw ssoRefused('refused', 'the discovery document is no JSON')
  }
  const parsed = metadata.safeParse(document)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw ssoRefused('refused', `the discovery document: ${issue!.path.join('.')} ${issue!.message}`)
  }
  // Section 4.3: exactly, or one provider could speak for another.
  if (parsed.data.issuer !== issuer)
    throw ssoRefused('refused', `the provider calls itself "${parsed.data.issuer}": write the issuer just so`)
  return parsed.data
}

/** Where a provider answers what, by its issuer. */
export async function discover(issuer: string): Promise<ProviderMetadata> {
  const known = kept.get(issuer)
  if (known && performance.now() - known.at < KEPT_MS) return known.found
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(ONE_QUESTION_MS),
  }).catch((error: Error) => {
    throw unreachable(`discovery: ${(error.cause as Error | undefined)?.message || error.message}`)
  })
  if (response.status >= 500) throw unreachable(`discovery: status ${response.status}`)
  if (response.status !== 200)
    throw ssoRefused('refused', `the issuer answers discovery with ${response.status}`)
  const found = read(issuer, await bounded(response))
  kept.set(issuer, { at: performance.now(), found })
  return found
}
