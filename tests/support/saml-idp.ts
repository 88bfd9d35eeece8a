import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { SignedXml } from 'xml-crypto'

export type KeyPair = { key: string; certificate: string }

/** A key and a certificate that it signed itself. */
export function keyPair(name: string): KeyPair {
  const directory = mkdtempSync(join(tmpdir(), 'jackstaff-saml-'))
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')]
  const subject = ['-subj', `/CN=${name}`, '-days', '365', '-nodes', '-newkey', 'rsa:2048']
  execFileSync('openssl', ['req', '-x509', '-sha256', ...subject, '-keyout', key, '-out', certificate], {
    stdio: 'pipe',
  })
  const pair = { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') }
  rmSync(directory, { recursive: true })
  return pair
}

const time = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString()
const id = () => `_${randomBytes(16).toString('hex')}`

export type Statement = {
  issuer: string
  audience: string
  recipient: string
  destination: string
  inResponseTo: string | null
  nameId: string
  nameIdFormat: string
  attributes: Record<string, string | string[]>
  notBefore: number
  notOnOrAfter: number
  authenticated: number
  assertionId: string
}

const attribute = ([name, values]: [string, string | string[]]) =>
  `<saml:Attribute Name="${name}">${[values]
    .flat()
    .map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`)
    .join('')}</saml:Attribute>`

const answering = (to: string | null) => (to === null ? '' : ` InResponseTo="${to}"`)

/** An assertion, not signed yet. */
export const assertionOf = (of: Statement) =>
  `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${of.assertionId}" Version="2.0" IssueInstant="${time(0)}"><saml:Issuer>${of.issuer}</saml:Issuer><saml:Subject><saml:NameID Format="${of.nameIdFormat}">${of.nameId}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${time(of.notOnOrAfter)}" Recipient="${of.recipient}"${answering(of.inResponseTo)}/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${time(of.notBefore)}" NotOnOrAfter="${time(of.notOnOrAfter)}"><saml:AudienceRestriction><saml:Audience>${of.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${time(of.authenticated)}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${Object.entries(of.attributes).map(attribute).join('')}</saml:AttributeStatement></saml:Assertion>`

/** A response around what it holds. */
export const responseOf = (of: Statement, inside: string, responseId = id()) =>
  `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="${responseId}" Version="2.0" IssueInstant="${time(0)}" Destination="${of.destination}"${answering(of.inResponseTo)}><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${of.issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>${inside}</samlp:Response>`

const SHA256 = {
  signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
}
export const SHA1 = {
  signature: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
  digest: 'http://www.w3.org/2000/09/xmldsig#sha1',
}

/** Signs the element of a name, as providers do: enveloped, after its issuer. */
export function signed(
  xml: string,
  element: 'Assertion' | 'Response',
  { key, certificate }: KeyPair,
  by = SHA256,
) {
  const xpath = `//*[local-name(.)='${element}']`
  const signature = new SignedXml({
    privateKey: key,
    publicCert: certificate,
    signatureAlgorithm: by.signature,
    canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  } as ConstructorParameters<typeof SignedXml>[0])
  signature.addReference({
    xpath,
    digestAlgorithm: by.digest,
    transforms: [
      'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
      'http://www.w3.org/2001/10/xml-exc-c14n#',
    ],
  })
  signature.computeSignature(xml, {
    location: { reference: `${xpath}/*[local-name(.)='Issuer']`, action: 'after' },
  })
  return signature.getSignedXml()
}

/** The id of a request, as the provider reads it from where the browser was sent. */
export function requestIn(redirect: string): string {
  const request = new URL(redirect).searchParams.get('SAMLRequest')!
  const xml = inflateRawSync(Buffer.from(request, 'base64')).toString('utf8')
  return /\bID="([^"]+)"/.exec(xml)![1]!
}

export const base64 = (xml: string) => Buffer.from(xml).toString('base64')

/** A right statement for a request. */
export const statement = (
  issuer: string,
  acs: string,
  inResponseTo: string,
  more: Partial<Statement> = {},
): Statement => ({
  issuer,
  audience: `${acs}/metadata`,
  recipient: acs,
  destination: acs,
  inResponseTo,
  nameId: 'somebody',
  nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  attributes: { email: 'somebody@example.com', displayName: 'Somebody', groups: ['eng', 'everyone'] },
  notBefore: -30,
  notOnOrAfter: 300,
  authenticated: -5,
  assertionId: id(),
  ...more,
})
