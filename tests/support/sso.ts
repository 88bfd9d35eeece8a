import type { Jackstaff } from './jackstaff'
import { personOf, withSql } from './people'
import { newBrowser, type SsoBrowser } from './sso-browser'

/** A connection, as the API takes it. */
export const oidcAt = (
  { issuer }: { issuer: string },
  key: string,
  client: { id: string; secret: string },
  more: object = {},
) => ({
  kind: 'oidc',
  key,
  name: key,
  issuer,
  clientId: client.id,
  clientSecret: client.secret,
  scopes: ['openid', 'email', 'profile', 'groups'],
  ...more,
})

/** Begins to sign in, as the button of the sign-in page does. */
export const knock = (browser: SsoBrowser, { url }: Jackstaff, connection: string, more: object = {}) =>
  browser.api(url, 'POST', '/sign-in/sso', { connection, ...more })

/** Who a browser is signed in as, or null. */
export async function whoIs(browser: SsoBrowser, { url }: Jackstaff): Promise<string | null> {
  const me = await browser.api(url, 'GET', '/me')
  return me.status === 200 ? me.json.name : null
}

/** A browser in which somebody is signed in, put straight into the database. */
export async function signedInBrowser(jackstaff: Jackstaff, role: Parameters<typeof personOf>[1]) {
  const person = await personOf(jackstaff, role)
  const browser = newBrowser()
  browser.setCookie(jackstaff.url, 'jackstaff.session', person.session)
  return { browser, id: person.id }
}

/** What a refused log-in must not have left behind, and what it must have. */
export const traces = (jackstaff: Jackstaff, address: string) =>
  withSql(jackstaff, async (sql) => {
    const [row] = await sql<
      { people: number; sessions: number; identities: number; refused: number; reason: string }[]
    >`
      select (select count(*)::int from app_user) as people, (select count(*)::int from session) as sessions,
        (select count(*)::int from identity) as identities,
        (select count(*)::int from audit where action = 'session.refused' and ip = ${address}) as refused,
        (select string_agg(reason, '; ') from audit where action = 'session.refused' and ip = ${address}) as reason`
    return row!
  })
