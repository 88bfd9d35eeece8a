import { startLocalIdp as start } from '../../scripts/local-idp.mjs'
import { freePort } from './process'
import type { Seen, SsoBrowser } from './sso-browser'

type Person = { name: string; email: string; groups: string[] }

/** The provider of `npm run demo:sso`, on a free port. */
export async function startLocalIdp(redirectUris: string[], people: Record<string, Person>) {
  const client = { id: 'jackstaff', secret: 'a-secret-of-the-local-provider', redirectUris }
  const idp = await start({ port: await freePort(), clients: [client], people })
  return { ...idp, client, people }
}

export type LocalIdp = Awaited<ReturnType<typeof startLocalIdp>>

const MOST_STEPS = 12

/** Goes through a log-in at that provider as one of its people, up to the address that leads back. */
export async function logInAt(
  browser: SsoBrowser,
  redirect: string,
  person: string,
): Promise<{ back: string; asked: boolean }> {
  let asked = false
  let seen: Seen = await browser.send(redirect)
  let at = new URL(redirect)
  for (let step = 0; step < MOST_STEPS; step++) {
    if (seen.status === 200) {
      asked = true
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      seen = await browser.send(at.href, { method: 'POST', body: `person=${person}`, headers })
    }
    if (!seen.location) throw new Error(`the provider answered ${seen.status}: ${seen.body}`)
    const next = new URL(seen.location, at)
    if (next.origin !== at.origin) return { back: next.href, asked }
    at = next
    seen = await browser.send(at.href)
  }
  throw new Error('the log-in does not end')
}
