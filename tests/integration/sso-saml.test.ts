import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'
import { withSql } from '../support/people'
import {
  assertionOf,
  base64,
  keyPair,
  requestIn,
  responseOf,
  SHA1,
  type Statement,
  signed,
  statement,
} from '../support/saml-idp'
import { knock, traces, whoIs } from '../support/sso'
import { newBrowser, type SsoBrowser } from '../support/sso-browser'

// Responses of a SAML provider that must sign nobody in: each is right, and rightly signed, but for what its case names.

const ISSUER = 'https://login.example.com/metadata'
const keys = keyPair('provider')
const others = keyPair('somebody else')

const CONNECTION = {
  kind: 'saml',
  key: 'corp',
  name: 'Corp',
  issuer: ISSUER,
  entryPoint: 'https://login.example.com/saml2/sso?tenant=1',
  certificates: keys.certificate,
  mapping: [{ group: 'eng', role: 'publisher' }],
}

let jackstaff: Jackstaff
let acs: string
beforeAll(async () => {
  jackstaff = await startJackstaff()
  acs = `${jackstaff.url}/api/auth/saml/corp`
  const made = await jackstaff.api('POST', '/sso/connections', CONNECTION)
  expect(made.status, JSON.stringify(made.body)).toBe(201)
})
afterAll(() => jackstaff?.stop())

async function request(browser: SsoBrowser, more: object = {}): Promise<string> {
  const answer = await knock(browser, jackstaff, 'corp', more)
  expect(answer.status, answer.body).toBe(200)
  return requestIn(answer.json.redirect)
}

const right = async (browser: SsoBrowser, more: Partial<Statement> = {}) =>
  statement(ISSUER, acs, await request(browser), more)

const whole = (of: Statement, by = keys) => responseOf(of, signed(assertionOf(of), 'Assertion', by))

/** Posts a response as the provider's page does, and goes where the browser is sent. */
async function post(browser: SsoBrowser, xml: string) {
  const posted = await browser.postFrom(acs, { SAMLResponse: base64(xml), RelayState: '//evil.example' })
  expect(posted.setCookies).toEqual([])
  return posted.location?.includes('/finish?') ? browser.send(posted.location) : posted
}

describe('behind https', () => {
  it('a log-in is tied to the browser by a cookie of this host alone', async () => {
    const secure = await startJackstaff({ PUBLIC_URL: 'https://flags.example.com' })
    try {
      await secure.api('POST', '/sso/connections', CONNECTION)
      const headers = { 'content-type': 'application/json', origin: 'https://flags.example.com' }
      const body = JSON.stringify({ connection: 'corp' })
      const begun = await fetch(`${secure.url}/api/v1/sign-in/sso`, { method: 'POST', headers, body })
      expect(begun.headers.get('set-cookie')).toMatch(
        /^__Host-jackstaff\.sso=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600; Secure$/,
      )
      expect(await begun.json()).toEqual({ id: expect.any(String), redirect: expect.any(String) })
    } finally {
      await secure.stop()
    }
  })
})

describe('a response that is right', () => {
  it('signs in whoever comes, with the role of their group', async () => {
    const browser = newBrowser()
    const seen = await post(browser, whole(await right(browser)))
    expect(seen.location).toBe(`${jackstaff.url}/projects`)
    expect(seen.setCookies.join()).toContain('HttpOnly; SameSite=Lax')
    const me = await browser.api(jackstaff.url, 'GET', '/me')
    expect(me.json).toMatchObject({ name: 'Somebody', grants: [{ role: 'publisher', project: null }] })
  })

  it('may be signed as a whole as well, and be a minute early or late', async () => {
    const browser = newBrowser()
    for (const more of [{ notBefore: 45 }, { notOnOrAfter: -45 }]) {
      const of = await right(browser, more)
      expect((await post(browser, signed(whole(of), 'Response', keys))).location).toBe(
        `${jackstaff.url}/projects`,
      )
    }
  })

  it('is asked for at the address that an admin gave, by a request that names us', async () => {
    const answer = await knock(newBrowser(), jackstaff, 'corp')
    expect(answer.json.redirect).toMatch(/^https:\/\/login\.example\.com\/saml2\/sso\?tenant=1&SAMLRequest=/)
    const metadata = await fetch(`${acs}/metadata`)
    expect(metadata.headers.get('content-type')).toContain('samlmetadata+xml')
    const xml = await metadata.text()
    expect(xml).toContain(`entityID="${acs}/metadata"`)
    expect(xml).toContain(`Location="${acs}"`)
    expect(xml).toContain('WantAssertionsSigned="true"')
  })

  it('proves once more who somebody is only where the provider asked them now', async () => {
    const browser = newBrowser()
    await post(browser, whole(await right(browser)))
    const before = browser.cookie(jackstaff.url, 'jackstaff.session')
    const stale = statement(ISSUER, acs, await request(browser, { again: true }), { authenticated: -600 })
    expect((await post(browser, whole(stale))).location).toContain('/sign-in?problem=not-fresh')
    const fresh = statement(ISSUER, acs, await request(browser, { again: true }))
    expect((await post(browser, whole(fresh))).location).toBe(`${jackstaff.url}/signed-in`)
    expect(browser.cookie(jackstaff.url, 'jackstaff.session')).not.toBe(before)
  })
})

const evil = (of: Statement): Statement => ({
  ...of,
  assertionId: '_evil',
  nameId: 'boss',
  attributes: { ...of.attributes, email: 'boss@example.com' },
})

const parts = async (browser: SsoBrowser) => {
  const of = await right(browser)
  const good = signed(assertionOf(of), 'Assertion', keys)
  return { of, good, bad: assertionOf(evil(of)) }
}

const signatureOf = (xml: string) => /<Signature[\s\S]*<\/Signature>/.exec(xml)![0]

/** Each answers with the XML that is posted. */
const attacks: Record<string, (browser: SsoBrowser) => Promise<string>> = {
  'an attribute that was changed': async (browser) =>
    whole(await right(browser)).replace('<saml:AttributeValue>eng<', '<saml:AttributeValue>admins<'),
  'a name id that was changed': async (browser) =>
    whole(await right(browser)).replace('>somebody</saml:NameID>', '>boss</saml:NameID>'),
  'a signature that was changed': async (browser) =>
    whole(await right(browser)).replace(/(<SignatureValue>)(....)/, '$1AAAA'),
  'a digest that was changed': async (browser) =>
    whole(await right(browser)).replace(/(<DigestValue>)(....)/, '$1AAAA'),
  'no signature': async (browser) => {
    const of = await right(browser)
    return responseOf(of, assertionOf(of))
  },
  'a signature of the response alone': async (browser) => {
    const of = await right(browser)
    return signed(responseOf(of, assertionOf(of)), 'Response', keys)
  },
  'a signature by another key, whose certificate comes along': async (browser) =>
    whole(await right(browser), others),
  'a signature with SHA-1': async (browser) => {
    const of = await right(browser)
    return responseOf(of, signed(assertionOf(of), 'Assertion', keys, SHA1))
  },
  'another audience': async (browser) => whole(await right(browser, { audience: 'https://other.example' })),
  'another recipient': async (browser) =>
    whole(await right(browser, { recipient: 'https://other.example/acs' })),
  'another destination': async (browser) =>
    whole(await right(browser, { destination: 'https://other.example/acs' })),
  'another issuer': async (browser) => whole(await right(browser, { issuer: 'https://other.example' })),
  'an expired assertion': async (browser) => whole(await right(browser, { notOnOrAfter: -90 })),
  'an assertion that is not valid yet': async (browser) => whole(await right(browser, { notBefore: 90 })),
  'a response that nobody asked for': async (browser) => {
    await request(browser)
    return whole(statement(ISSUER, acs, '', { inResponseTo: null }))
  },
  'a response to a request that was never made': async (browser) => {
    await request(browser)
    return whole(statement(ISSUER, acs, `_${'0'.repeat(40)}`))
  },
  'an assertion that answers another request than its response': async (browser) => {
    const [first, second] = [await right(browser), await right(browser)]
    return responseOf(second, signed(assertionOf(first), 'Assertion', keys))
  },
  'a request that waits for too long': async (browser) => {
    const of = await right(browser)
    await withSql(
      jackstaff,
      (sql) => sql`update sso_attempt set expires_at = now() where ref = ${of.inResponseTo}`,
    )
    return whole(of)
  },
  'a response that was used': async (browser) => {
    const xml = whole(await right(browser))
    await post(browser, xml)
    expect(await whoIs(browser, jackstaff)).toBe('Somebody')
    await browser.api(jackstaff.url, 'POST', '/sign-out', {})
    return xml
  },
  'a response that another browser asked for': async () => whole(await right(newBrowser())),
  'the same, in a browser that asked as well': async (browser) => {
    await request(browser)
    return whole(await right(newBrowser()))
  },
  'a transient name': async (browser) =>
    whole(await right(browser, { nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' })),
  'wrapping: a bad assertion before the signed one': async (browser) => {
    const { of, good, bad } = await parts(browser)
    return responseOf(of, bad + good)
  },
  'wrapping: a bad assertion after the signed one': async (browser) => {
    const { of, good, bad } = await parts(browser)
    return responseOf(of, good + bad)
  },
  'wrapping: the signed assertion inside the bad one': async (browser) => {
    const { of, good, bad } = await parts(browser)
    return responseOf(
      of,
      bad.replace('</saml:Assertion>', `<saml:Advice>${good}</saml:Advice></saml:Assertion>`),
    )
  },
  'wrapping: the signed assertion inside the signature of the bad one': async (browser) => {
    const { of, good, bad } = await parts(browser)
    const holder = signatureOf(good).replace('</Signature>', `<Object>${good}</Object></Signature>`)
    return responseOf(of, bad.replace('</saml:Issuer>', `</saml:Issuer>${holder}`))
  },
  'wrapping: the signed assertion in an extension': async (browser) => {
    const { of, good, bad } = await parts(browser)
    return responseOf(of, `<samlp:Extensions>${good}</samlp:Extensions>${bad}`)
  },
  'wrapping: the bad assertion under the same id': async (browser) => {
    const { of, good, bad } = await parts(browser)
    const twin = bad.replace('ID="_evil"', `ID="${of.assertionId}"`)
    return responseOf(
      of,
      `<samlp:Extensions>${good}</samlp:Extensions>${twin.replace('</saml:Issuer>', `</saml:Issuer>${signatureOf(good)}`)}`,
    )
  },
  'wrapping: the bad assertion in another namespace': async (browser) => {
    const { of, good, bad } = await parts(browser)
    return responseOf(of, bad.replaceAll('saml:', 'x:').replace('xmlns:saml', 'xmlns:x') + good)
  },
  'wrapping: the signed response inside a bad one': async (browser) => {
    const { of, good, bad } = await parts(browser)
    return responseOf(of, `${bad}<samlp:Extensions>${responseOf(of, good)}</samlp:Extensions>`)
  },
  'a comment in the name id': async (browser) => {
    const of = await right(browser, { nameId: 'somebody.evil' })
    return whole(of).replace('>somebody.evil<', '>somebody<!-- -->.evil<')
  },
  'a comment that was signed': async (browser) =>
    whole(await right(browser, { nameId: 'somebody<!-- x -->.evil' })),
  'a CDATA section': async (browser) => whole(await right(browser, { nameId: '<![CDATA[somebody]]>' })),
  'a processing instruction': async (browser) =>
    whole(await right(browser)).replace('>somebody<', '>some<?x?>body<'),
  'a DTD': async (browser) => `<!DOCTYPE Response>${whole(await right(browser))}`,
  'an entity of a file': async (browser) =>
    `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${whole(await right(browser)).replace('>somebody<', '>&x;<')}`,
  'entities that grow': async (browser) =>
    `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>${whole(await right(browser)).replace('>somebody<', '>&b;<')}`,
  'a stylesheet': async (browser) =>
    `<?xml-stylesheet href="https://evil.example"?>${whole(await right(browser))}`,
  'text that is no XML': async (browser) => `InResponseTo="${(await right(browser)).inResponseTo}"`,
  'a failure of the provider': async (browser) => {
    const of = await right(browser)
    return responseOf(of, '').replace('status:Success', 'status:Responder')
  },
}

let refused = 0

describe('nobody is signed in, nobody is made, and it is recorded: by', () => {
  it.each(Object.keys(attacks))('%s', async (name) => {
    const browser = newBrowser()
    const xml = await attacks[name]!(browser)
    const before = await traces(jackstaff, browser.address)
    const seen = await post(browser, xml)
    const after = await traces(jackstaff, browser.address)
    expect(seen.status).toBe(303)
    expect(seen.location).toMatch(
      new RegExp(`^${jackstaff.url}/sign-in\\?problem=(refused|expired)&with=corp$`),
    )
    expect(seen.setCookies).toEqual([])
    expect(await whoIs(browser, jackstaff)).toBeNull()
    expect({ ...after, refused: 0, reason: '' }).toEqual({ ...before, refused: 0, reason: '' })
    expect(after.refused, 'an entry in the audit trail').toBe(before.refused + 1)
    refused++
  })

  it('none of these', () => {
    console.log(
      `${refused} of ${Object.keys(attacks).length} forged or misplaced responses refused and recorded`,
    )
    expect(refused).toBe(Object.keys(attacks).length)
  })

  it('a certificate that is none, or an address over plain http', async () => {
    const connection = {
      kind: 'saml',
      key: 'odd',
      name: 'Odd',
      issuer: 'odd',
      entryPoint: 'http://login.example.com',
      certificates: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
    }
    const made = await jackstaff.api('POST', '/sso/connections', connection)
    expect(made.status).toBe(422)
    expect(made.body.errors.map(({ path }: { path: string }) => path).sort()).toEqual([
      'certificates',
      'entryPoint',
    ])
  })
})
