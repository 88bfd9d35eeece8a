import { type JWTPayload, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'
import { elsewhere } from '../support/open-redirects'
import { withSql } from '../support/people'
import { type Asked, readAsked, type ScriptedIdp, startScriptedIdp } from '../support/scripted-idp'
import { knock, oidcAt, traces, whoIs } from '../support/sso'
import { newBrowser, type SsoBrowser } from '../support/sso-browser'

// Answers of a provider, and addresses that pretend to be one, that must sign nobody in. The provider is scripted and
// signs with its real key: each answer is right but for the one thing that its case names, and without that would sign in
// somebody who is here already.

const CLIENT = { id: 'flags', secret: 'a-secret-of-the-scripted-provider' }

let jackstaff: Jackstaff
let idp: ScriptedIdp
let beside: ScriptedIdp
beforeAll(async () => {
  idp = await startScriptedIdp({ clientId: CLIENT.id, clientSecret: CLIENT.secret })
  beside = await startScriptedIdp({ clientId: CLIENT.id, clientSecret: CLIENT.secret })
  jackstaff = await startJackstaff()
  const mapping = [{ group: 'eng', role: 'editor' }]
  for (const [key, at] of [
    ['idp', idp],
    ['beside', beside],
  ] as const) {
    const made = await jackstaff.api('POST', '/sso/connections', oidcAt(at, key, CLIENT, { mapping }))
    expect(made.status, JSON.stringify(made.body)).toBe(201)
  }
})
afterAll(async () => {
  await jackstaff?.stop()
  await Promise.all([idp?.close(), beside?.close()])
})

const CALLBACK = '/api/auth/callback/idp'
const back = (query: Record<string, string>, path = CALLBACK) =>
  `${jackstaff.url}${path}?${new URLSearchParams(query)}`

async function begun(browser: SsoBrowser, connection = 'idp'): Promise<Asked> {
  const answer = await knock(browser, jackstaff, connection)
  expect(answer.status, answer.body).toBe(200)
  return readAsked(answer.json.redirect)
}

/** A code for the right token, or for one with other claims. */
const codeFor = async ({ nonce, challenge }: Asked, claims = {}, at = idp) =>
  at.code({ challenge, idToken: await at.sign(at.claims(nonce, claims)) })

/** A right log-in of somebody, who is made by it. */
async function signedIn(browser: SsoBrowser, claims = {}): Promise<void> {
  const asked = await begun(browser)
  const seen = await browser.send(back({ state: asked.state, code: await codeFor(asked, claims) }))
  expect(seen.location).toBe(`${jackstaff.url}/projects`)
}

describe('an answer that is right', () => {
  it('signs in whoever comes, with the role of their group', async () => {
    const browser = newBrowser()
    const asked = await begun(browser)
    expect(asked.query.get('code_challenge_method')).toBe('S256')
    expect(asked.redirectUri).toBe(`${jackstaff.url}${CALLBACK}`)
    const seen = await browser.send(back({ state: asked.state, code: await codeFor(asked) }))
    expect(seen.status).toBe(303)
    expect(seen.location).toBe(`${jackstaff.url}/projects`)
    expect(seen.setCookies.join()).toMatch(
      /^jackstaff\.session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=1209600$/,
    )
    const me = await browser.api(jackstaff.url, 'GET', '/me')
    expect(me.json).toMatchObject({ name: 'Somebody', grants: [{ role: 'editor', project: null }] })
  })
})

/** What an id token says otherwise than it should. */
const claims: Record<string, () => JWTPayload> = {
  'no nonce': () => ({ nonce: undefined }),
  'another audience': () => ({ aud: 'other' }),
  'us among others as audience, for another': () => ({ aud: [CLIENT.id, 'other'], azp: 'other' }),
  'another issuer in the token': () => ({ iss: beside.issuer }),
  'no subject': () => ({ sub: undefined }),
  'an expired token': () => ({ iat: idp.now() - 900, exp: idp.now() - 120 }),
  'a token that is not valid yet': () => ({ nbf: idp.now() + 120 }),
  'an e-mail address that the provider has not checked': () => ({
    sub: 'unchecked',
    email: 'boss@example.com',
    email_verified: false,
  }),
  'somebody in no group that has access': () => ({
    sub: 'outside',
    email: 'outside@example.com',
    groups: ['sales'],
  }),
}

const bytes = (text: string) => new TextEncoder().encode(text)

/** How an id token is signed otherwise than it should. */
const tokens: Record<string, (right: JWTPayload) => string | Promise<string>> = {
  'alg: none': (right) => new UnsecuredJWT(right).encode(),
  'HS256 with the public key': (right) => idp.sign(right, bytes(idp.keys.publicPem), 'HS256'),
  'HS256 with the client’s secret': (right) => idp.sign(right, bytes(CLIENT.secret), 'HS256'),
  'a signature by another key': (right) => idp.sign(right, idp.keys.other),
  'a token that was changed': async (right) => {
    const [head, , signature] = (await idp.sign(right)).split('.')
    const body = Buffer.from(JSON.stringify({ ...right, sub: 'boss' })).toString('base64url')
    return [head, body, signature].join('.')
  },
}

type Attack = (browser: SsoBrowser) => Promise<string>

/** A log-in that is right up to the code, which is for this token. */
const tokenAttack =
  (token: (right: JWTPayload) => string | Promise<string>): Attack =>
  async (browser) => {
    const { state, nonce, challenge } = await begun(browser)
    return back({ state, code: idp.code({ challenge, idToken: await token(idp.claims(nonce)) }) })
  }

const each = <A>(table: Record<string, A>, attack: (row: A) => Attack): Record<string, Attack> =>
  Object.fromEntries(Object.entries(table).map(([name, row]) => [name, attack(row)]))

/** Each answers with the address that the browser is sent to. */
const attacks: Record<string, Attack> = {
  'a state of nobody': async (browser) => {
    const asked = await begun(browser)
    return back({ state: 'x'.repeat(43), code: await codeFor(asked) })
  },
  'no state': async (browser) => back({ code: await codeFor(await begun(browser)) }),
  'the state of a log-in that another browser began': async (browser) => {
    await begun(browser)
    const theirs = await begun(newBrowser())
    return back({ state: theirs.state, code: await codeFor(theirs) })
  },
  'the code of another log-in of this browser': async (browser) => {
    const [first, second] = [await begun(browser), await begun(browser)]
    return back({ state: first.state, code: await codeFor(second) })
  },
  'a callback in another browser': async () => {
    const asked = await begun(newBrowser())
    return back({ state: asked.state, code: await codeFor(asked) })
  },
  'the callback of another connection': async (browser) => {
    const asked = await begun(browser)
    return back({ state: asked.state, code: await codeFor(asked) }, '/api/auth/callback/beside')
  },
  'a code of another provider': async (browser) => {
    const asked = await begun(browser)
    return back({ state: asked.state, code: await codeFor(asked, {}, beside) })
  },
  'an answer that names another issuer': async (browser) => {
    const asked = await begun(browser)
    return back({ state: asked.state, code: await codeFor(asked), iss: beside.issuer })
  },
  'a log-in that took too long': async (browser) => {
    const asked = await begun(browser)
    await withSql(
      jackstaff,
      (sql) => sql`update sso_attempt set expires_at = now() where ref = ${asked.state}`,
    )
    return back({ state: asked.state, code: await codeFor(asked) })
  },
  'no verifier of PKCE': async (browser) => {
    const asked = await begun(browser)
    await withSql(
      jackstaff,
      (sql) => sql`update sso_attempt set checks = (checks::jsonb - 'pkce')::json where ref = ${asked.state}`,
    )
    return back({ state: asked.state, code: await codeFor(asked) })
  },
  'a code that was asked for with another challenge': async (browser) => {
    const [asked, other] = [await begun(browser), await begun(browser)]
    return back({ state: asked.state, code: await codeFor({ ...asked, challenge: other.challenge }) })
  },
  'a code of another client': async (browser) => {
    const asked = await begun(browser)
    const idToken = await idp.sign(idp.claims(asked.nonce))
    return back({
      state: asked.state,
      code: idp.code({ challenge: asked.challenge, idToken, clientId: 'other' }),
    })
  },
  'a nonce of another log-in': async (browser) => {
    const [asked, other] = [await begun(browser), await begun(browser)]
    return back({ state: asked.state, code: await codeFor({ ...asked, nonce: other.nonce }) })
  },
  ...each(claims, (wrong) => tokenAttack((right) => idp.sign({ ...right, ...wrong() }))),
  ...each(tokens, tokenAttack),
  'a callback that was used': async (browser) => {
    const asked = await begun(browser)
    const address = back({ state: asked.state, code: await codeFor(asked) })
    await browser.send(address)
    expect(await whoIs(browser, jackstaff)).toBe('Somebody')
    await browser.api(jackstaff.url, 'POST', '/sign-out', {})
    return address
  },
  'a code that was used, with a log-in of its own': async (browser) => {
    const first = await begun(browser)
    const code = await codeFor(first)
    await browser.send(back({ state: first.state, code }))
    await browser.api(jackstaff.url, 'POST', '/sign-out', {})
    return back({ state: (await begun(browser)).state, code })
  },
  'the e-mail address of somebody, by another subject': async (browser) => {
    await signedIn(newBrowser(), { sub: 'first', email: 'shared@example.com' })
    const asked = await begun(browser)
    return back({
      state: asked.state,
      code: await codeFor(asked, { sub: 'second', email: 'Shared@Example.com' }),
    })
  },
  'the subject of another provider': async (browser) => {
    const twin = { sub: 'twin', email: 'twin@example.com' }
    await signedIn(newBrowser(), twin)
    const asked = await begun(browser, 'beside')
    const code = await codeFor(asked, twin, beside)
    return back({ state: asked.state, code }, '/api/auth/callback/beside')
  },
  'more groups than the provider tells': async (browser) => {
    const asked = await begun(browser)
    const claims = { groups: undefined, _claim_names: { groups: 'src1' } }
    const idToken = await idp.sign(idp.claims(asked.nonce, claims))
    return back({
      state: asked.state,
      code: idp.code({ challenge: asked.challenge, idToken, userinfo: { sub: 'somebody' } }),
    })
  },
  'user info about somebody else': async (browser) => {
    const asked = await begun(browser)
    const idToken = await idp.sign(idp.claims(asked.nonce, { groups: undefined }))
    const userinfo = { sub: 'boss', groups: ['eng'] }
    return back({ state: asked.state, code: idp.code({ challenge: asked.challenge, idToken, userinfo }) })
  },
  'somebody who was shut out': async (browser) => {
    const gone = { sub: 'gone', email: 'gone@example.com' }
    await signedIn(newBrowser(), gone)
    await withSql(
      jackstaff,
      (sql) => sql`update app_user set disabled_at = now() where email = ${gone.email}`,
    )
    const asked = await begun(browser)
    return back({ state: asked.state, code: await codeFor(asked, gone) })
  },
  'a refusal of the provider': async (browser) => {
    const asked = await begun(browser)
    return back({ state: asked.state, error: 'access_denied', error_description: 'no' })
  },
}

/** What the page is told, where that is not just that the answer does not hold. */
const codes: Record<string, string> = {
  'the e-mail address of somebody, by another subject': 'email-taken',
  'an e-mail address that the provider has not checked': 'email-missing',
  'the subject of another provider': 'email-taken',
  'somebody in no group that has access': 'no-access',
  'more groups than the provider tells': 'groups-elsewhere',
  'somebody who was shut out': 'disabled',
  'a refusal of the provider': 'cancelled',
}

let refused = 0

describe('nobody is signed in, nobody is made, and it is recorded: by', () => {
  it.each(Object.keys(attacks))('%s', async (name) => {
    const browser = newBrowser()
    const address = await attacks[name]!(browser)
    const before = await traces(jackstaff, browser.address)
    const seen = await browser.send(address)
    const after = await traces(jackstaff, browser.address)
    expect(seen.status).toBe(303)
    expect(seen.location).toMatch(
      new RegExp(
        `^${jackstaff.url}/sign-in\\?problem=(${codes[name] ?? 'refused|expired'})&with=(idp|beside)$`,
      ),
    )
    expect(seen.setCookies).toEqual([])
    expect(await whoIs(browser, jackstaff)).toBeNull()
    expect({ ...after, refused: 0, reason: '' }).toEqual({ ...before, refused: 0, reason: '' })
    expect(after.refused, 'an entry in the audit trail').toBe(before.refused + 1)
    const page = await browser.send(seen.location!)
    expect(page.body, 'the page says why').toMatch(/role="alert"|nothing/)
    refused++
  })

  it('the provider was sent a verifier each time it was asked', () => {
    console.log(
      `${refused} of ${Object.keys(attacks).length} forged or misplaced answers refused and recorded`,
    )
    expect(idp.asked.token).toBeGreaterThan(15)
    expect(idp.asked.withoutVerifier).toBe(0)
  })
})

describe('a return address', () => {
  it.each(elsewhere)('is not %j', async (next) => {
    const browser = newBrowser()
    const answer = await knock(browser, jackstaff, 'idp', { next })
    expect([403, 422]).toContain(answer.status)
    expect(answer.json.errors[0].path).toBe('next')
    expect(answer.setCookies).toEqual([])
  })

  it('that led away is recorded', async () => {
    const browser = newBrowser()
    await knock(browser, jackstaff, 'idp', { next: '//evil.example' })
    expect((await traces(jackstaff, browser.address)).refused).toBe(1)
  })

  it('of this dashboard is kept through the log-in', async () => {
    const browser = newBrowser()
    const next = '/projects/shop/flags?q=tag%3Anew'
    const asked = readAsked((await knock(browser, jackstaff, 'idp', { next })).json.redirect)
    const code = await codeFor(asked)
    expect((await browser.send(back({ state: asked.state, code }))).location).toBe(`${jackstaff.url}${next}`)
  })

  it('is asked for by a page that nobody is signed in to see', async () => {
    const page = await newBrowser().send(`${jackstaff.url}/projects/shop/flags?q=new&_rsc=abc`)
    expect(page.location ?? page.body).toContain('/sign-in?next=%2Fprojects%2Fshop%2Fflags%3Fq%3Dnew')
  })
})

describe('a provider', () => {
  const connection = (more: object) => oidcAt(idp, 'odd', CLIENT, more)

  it.each([
    ['http://login.example.com', 'use https'],
    ['https://ana:secret@login.example.com', 'leave name and password out'],
    ['file:///etc/passwd', 'write an address'],
  ])('is not at %s', async (issuer, words) => {
    const made = await jackstaff.api('POST', '/sso/connections', connection({ issuer }))
    expect(made.status).toBe(422)
    expect(made.body.errors).toEqual([{ path: 'issuer', message: expect.stringContaining(words) }])
  })

  it('has an issuer of its own', async () => {
    const made = await jackstaff.api('POST', '/sso/connections', connection({}))
    expect(made.body.errors).toEqual([
      { path: 'issuer', message: expect.stringContaining('has this issuer already') },
    ])
  })

  it('is believed to be nobody else, and sends nobody over plain http', async () => {
    const odd = await startScriptedIdp({ clientId: CLIENT.id, clientSecret: CLIENT.secret })
    try {
      for (const said of [{ issuer: idp.issuer }, { token_endpoint: 'http://login.example.com/token' }]) {
        odd.describe(said)
        const made = await jackstaff.api('POST', '/sso/connections', oidcAt(odd, 'odd', CLIENT))
        expect(made.status).toBe(201)
        const answer = await knock(newBrowser(), jackstaff, 'odd')
        expect(answer.status).toBe(403)
        expect(answer.json.code).toBe('sso_refused')
        await jackstaff.api('DELETE', '/sso/connections/odd')
      }
    } finally {
      await odd.close()
    }
  })

  it('that names itself in its answers does so in each', async () => {
    const strict = await startScriptedIdp({ clientId: CLIENT.id, clientSecret: CLIENT.secret })
    try {
      strict.describe({ authorization_response_iss_parameter_supported: true })
      const mapping = [{ group: 'eng', role: 'viewer' }]
      await jackstaff.api('POST', '/sso/connections', oidcAt(strict, 'strict', CLIENT, { mapping }))
      const claims = { sub: 'strict', email: 'strict@example.com' }
      const answered = async (more: Record<string, string>) => {
        const browser = newBrowser()
        const asked = await begun(browser, 'strict')
        const query = { state: asked.state, code: await codeFor(asked, claims, strict), ...more }
        return (await browser.send(back(query, '/api/auth/callback/strict'))).location
      }
      expect(await answered({})).toContain('problem=refused')
      expect(await answered({ iss: strict.issuer })).toBe(`${jackstaff.url}/projects`)
    } finally {
      await strict.close()
    }
  })

  it('that takes a question and does not answer keeps nobody waiting', async () => {
    const mute = await startScriptedIdp({ clientId: CLIENT.id, clientSecret: CLIENT.secret })
    try {
      expect((await jackstaff.api('POST', '/sso/connections', oidcAt(mute, 'mute', CLIENT))).status).toBe(201)
      const browser = newBrowser()
      const asked = await begun(browser, 'mute')
      mute.fallSilent()
      const since = performance.now()
      const query = { state: asked.state, code: await codeFor(asked, {}, mute) }
      const seen = await browser.send(back(query, '/api/auth/callback/mute'))
      console.log(`a provider that does not answer: a page after ${Math.round(performance.now() - since)} ms`)
      expect(seen.location).toBe(`${jackstaff.url}/sign-in?problem=away&with=mute`)
      expect((await browser.send(seen.location!)).body).toContain('does not answer')
    } finally {
      await mute.close()
    }
  })
})
