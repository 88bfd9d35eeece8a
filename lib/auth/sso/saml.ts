import { randomBytes } from 'node:crypto'
import { type Profile, SAML, ValidateInResponseTo } from '@node-saml/node-saml'
import { ControlError } from '@/lib/control/errors'
import type { Claims } from '@/lib/control/sso/claims'
import { ssoRefused } from '@/lib/control/sso/refused'
import { addressesOf, type Connection } from '@/lib/control/sso/rows'
import type { JsonValue } from '@/lib/evaluation'
import type { Said } from './attempts'
import { responseXml } from './saml-shape'

const SKEW_MS = 60_000
const TRANSIENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'
const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'

type Saml = Connection & { settings: { kind: 'saml' } }

/** When the request of an id was made; null: it waits for no answer. */
type Asked = (requestId: string) => Promise<Date | null>

function samlOf({ key, issuer, settings }: Saml, asked: Asked, again = false): SAML {
  const { callback, entityId } = addressesOf(key, 'saml')
  return new SAML({
    callbackUrl: callback,
    issuer: entityId!,
    audience: entityId!,
    entryPoint: settings.entryPoint,
    idpCert: settings.certificates,
    idpIssuer: issuer,
    identifierFormat: null, // which name somebody has is for the provider's settings to say
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false, // what counts is in the assertion
    disableRequestedAuthnContext: true,
    forceAuthn: again,
    acceptedClockSkewMs: SKEW_MS,
    validateInResponseTo: ValidateInResponseTo.always,
    // Requests are log-ins in the database: node-saml asks whether one waits, and using it up is ours.
    cacheProvider: {
      saveAsync: async () => null,
      getAsync: async (id) => (await asked(id))?.toISOString() ?? null,
      removeAsync: async () => null,
    },
  })
}

const nothing: Asked = async () => null

/** Where a browser goes to log in. `again`: even if the provider remembers it. */
export async function beginSaml(connection: Saml, again: boolean) {
  const saml = samlOf(connection, nothing, again)
  const ref = `_${randomBytes(20).toString('hex')}`
  saml.options.generateUniqueId = () => ref
  const redirect = await saml.getAuthorizeUrlAsync('', undefined, {})
  return { redirect, ref }
}

/** What a provider is given to know us by. */
export const samlMetadata = (connection: Saml): string =>
  samlOf(connection, nothing).generateServiceProviderMetadata(null)

type Xml = { $?: Record<string, string>; [child: string]: unknown }

const children = (node: Xml | undefined, name: string): Xml[] => {
  const found = node?.[name]
  return Array.isArray(found) ? (found as Xml[]) : []
}

/** SAML 2.0 profiles, 4.1.4.2: what node-saml leaves to others. Answers with the request that is answered. */
function confirmed(assertion: Xml, callback: string): string {
  const confirmations = children(children(assertion, 'Subject')[0], 'SubjectConfirmation')
  const [confirmation] = confirmations
  if (confirmations.length !== 1 || confirmation!.$?.Method !== BEARER)
    throw ssoRefused('refused', 'the assertion is not confirmed by its bearer alone')
  const data = children(confirmation, 'SubjectConfirmationData')[0]?.$ ?? {}
  if (data.Recipient !== callback) throw ssoRefused('refused', 'the assertion is for another recipient')
  if (data.NotOnOrAfter === undefined) throw ssoRefused('refused', 'the assertion says no end')
  if (!data.InResponseTo) throw ssoRefused('refused', 'the assertion answers no request')
  return data.InResponseTo
}

function assertIssuer(profile: Profile, issuer: string): void {
  if (profile.issuer !== issuer)
    throw ssoRefused('refused', `the assertion is of another issuer: ${profile.issuer}`)
}

/** The attributes that were signed, as claims. */
const claimsOf = (profile: Profile, subject: string): Claims => ({
  ...(JSON.parse(JSON.stringify(profile.attributes ?? {})) as Record<string, JsonValue>),
  sub: subject,
})

function authenticatedAt(assertion: Xml): number | null {
  const at = Date.parse(children(assertion, 'AuthnStatement')[0]?.$?.AuthnInstant ?? '')
  return Number.isNaN(at) ? null : at
}

/** Whom a response means, and which request it answers, once everything about it holds. */
export async function readSaml(
  connection: Saml,
  response: string,
  asked: Asked,
): Promise<Said & { ref: string }> {
  const xml = responseXml(response)
  const { callback } = addressesOf(connection.key, 'saml')
  const destination = /<(?:[^\s<>/:]+:)?Response\s[^>]*?\bDestination\s*=\s*["']([^"']*)["']/.exec(xml)?.[1]
  if (destination && destination !== callback)
    throw ssoRefused('refused', 'the response is for another address')
  let profile: Profile | null
  try {
    profile = (await samlOf(connection, asked).validatePostResponseAsync({ SAMLResponse: response })).profile
  } catch (error) {
    throw error instanceof ControlError ? error : ssoRefused('refused', (error as Error).message)
  }
  if (!profile?.getAssertion) throw ssoRefused('refused', 'the response holds no assertion')
  const assertion = (profile.getAssertion() as { Assertion: Xml }).Assertion
  assertIssuer(profile, connection.issuer)
  const ref = confirmed(assertion, callback)
  if (ref !== profile.inResponseTo)
    throw ssoRefused('refused', 'response and assertion answer different requests')
  const { nameID, nameIDFormat } = profile
  if (!nameID) throw ssoRefused('refused', 'the assertion names nobody')
  if (nameIDFormat === TRANSIENT)
    throw ssoRefused('refused', 'the name id is transient: set the provider to send a persistent one')
  return {
    subject: nameID,
    claims: claimsOf(profile, nameID),
    authenticatedAt: authenticatedAt(assertion),
    ref,
  }
}
