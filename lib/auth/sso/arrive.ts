import { z } from 'zod'
import { db } from '@/db/client'
import type { Ctx } from '@/lib/control/context'
import { ControlError } from '@/lib/control/errors'
import { action } from '@/lib/control/operation'
import { ref } from '@/lib/control/schemas'
import { arrivalOf, claimAt } from '@/lib/control/sso/claims'
import { giftsOf, shownGifts } from '@/lib/control/sso/gives'
import { refusalWords, ssoRefused } from '@/lib/control/sso/refused'
import type { Connection } from '@/lib/control/sso/rows'
import type { SsoTestOutcome } from '@/lib/control/sso/views'
import { whoIs } from '@/lib/control/sso/who'
import type { JsonValue } from '@/lib/evaluation'
import {
  type Attempt,
  connectionOfAttempt,
  forgetAttempt,
  keepOutcome,
  keepSaid,
  type Said,
  useAttempt,
  waitingAttempt,
} from './attempts'
import { finishOidc } from './next-auth'
import { readSaml } from './saml'
import { linkIdentity, signInBySso } from './sign-in'

/** Where the browser goes next, and the session that it may have by now. */
export type Arrived = { redirect: string; session: string | null }

const SKEW_MS = 60_000

/** The claims of a provider that has more to say than it says: what is not said must not count as taken away. */
function assertWhole({ groupsClaim }: Connection, { claims }: Said): void {
  const elsewhere = claimAt(claims, '_claim_names')
  if (typeof elsewhere === 'object' && elsewhere !== null && Object.hasOwn(elsewhere, groupsClaim))
    throw ssoRefused('groups-elsewhere')
}

async function outcomeOf(connection: Connection, said: () => Promise<Said>): Promise<SsoTestOutcome> {
  let claims: Said['claims'] | null = null
  try {
    const heard = await said()
    claims = heard.claims
    assertWhole(connection, heard)
    const arrival = arrivalOf(connection.groupsClaim, { ...heard, issuer: connection.issuer })
    const who = await whoIs(db(), connection, arrival)
    const gifts = await giftsOf(db(), connection, arrival.groups)
    const empty = gifts.roles.length + gifts.joins.length === 0
    const code = who.kind === 'refused' ? who.code : who.kind === 'new' && empty ? 'no-access' : null
    return {
      ok: true,
      issuer: arrival.issuer,
      subject: arrival.subject,
      name: arrival.name,
      email: arrival.email,
      person: code
        ? { kind: 'refused', problem: refusalWords(code) }
        : {
            kind: who.kind === 'new' ? 'new' : 'known',
            name: 'person' in who ? who.person.name : arrival.name,
          },
      groups: arrival.groups,
      ...shownGifts(gifts),
      claims: arrival.claims,
    }
  } catch (error) {
    if (error instanceof ControlError) return { ok: false, problem: error.message, claims }
    throw error
  }
}

const testPage = ({ id }: Attempt) => `/settings/sso/tests/${id}`

/** A problem of this log-in, which tells the page to go back to what it was for. */
const about = (error: unknown, { purpose }: Attempt) =>
  error instanceof ControlError
    ? new ControlError(error.kind, error.message, error.errors, { ...error.extra, purpose })
    : error

async function concluded(
  attempt: Attempt,
  ctx: Ctx,
  said: (connection: Connection) => Promise<Said>,
): Promise<Arrived> {
  const connection = await connectionOfAttempt(attempt)
  const { purpose, userId, session } = attempt
  if (purpose === 'test') {
    const outcome = await outcomeOf(connection, () => said(connection))
    await keepOutcome(attempt.id, outcome as JsonValue)
    return { redirect: testPage(attempt), session: null }
  }
  const heard = await said(connection)
  const { authenticatedAt } = heard
  if (
    purpose === 'again' &&
    authenticatedAt !== null &&
    authenticatedAt < attempt.createdAt.getTime() - SKEW_MS
  )
    throw ssoRefused('not-fresh')
  assertWhole(connection, heard)
  const arrival = arrivalOf(connection.groupsClaim, { ...heard, issuer: connection.issuer })
  const once = { ...ctx, idempotencyKey: null } // the attempt is what makes it once
  if (purpose === 'link') {
    await linkIdentity(once, { connection, arrival, userId: userId! })
    return { redirect: attempt.next, session: null }
  }
  const again = purpose === 'again' ? { userId: userId!, session: session! } : null
  const opened = await signInBySso(once, { connection, arrival, again })
  if (opened.session === null) throw ssoRefused('no-access')
  return { redirect: attempt.next, session: opened.session }
}

/** Ends a log-in. What came of a test is looked at afterwards; of all others nothing is kept. */
async function conclude(
  attempt: Attempt,
  ctx: Ctx,
  said: (connection: Connection) => Promise<Said>,
): Promise<Arrived> {
  try {
    return await concluded(attempt, ctx, said)
  } catch (error) {
    throw about(error, attempt)
  } finally {
    if (attempt.purpose !== 'test') await forgetAttempt(attempt.id).catch(() => {}) // it ends by itself, a little later
  }
}

const query = z.record(z.string().max(100), z.string().max(8_000))

/** The way back from a provider that speaks OpenID Connect. */
export const oidcArrived = action({
  permission: 'anyone',
  input: z.strictObject({ connection: ref, query }),
  run: async ({ connection: key, query }, ctx): Promise<Arrived> => {
    const attempt = await useAttempt(key, query.state ?? '')
    return conclude(attempt, ctx, ({ settings, ...connection }) => {
      if (settings.kind !== 'oidc') throw ssoRefused('expired', 'this connection speaks SAML')
      if (query.error !== undefined)
        throw ssoRefused('cancelled', [query.error, query.error_description].filter(Boolean).join(': '))
      return finishOidc({ ...connection, settings }, attempt.checks ?? {}, query)
    })
  },
})

async function provedSaml(
  attempt: Attempt,
  response: string,
  asked: Parameters<typeof readSaml>[2],
): Promise<Said> {
  const { settings, ...connection } = await connectionOfAttempt(attempt)
  if (settings.kind !== 'saml') throw ssoRefused('expired', 'this connection speaks OpenID Connect')
  const { ref, ...said } = await readSaml({ ...connection, settings }, response, asked)
  if (ref !== attempt.ref) throw ssoRefused('refused', 'the response answers another log-in')
  return said
}

/**
 * What a page of a SAML provider posts: our cookie does not come along. It is read and proved, and kept with the log-in
 * that it answers, which the browser then goes on with by itself.
 */
export const samlPosted = action({
  permission: 'anyone',
  input: z.strictObject({ connection: ref, response: z.string().max(1_000_000) }),
  run: async ({ connection: key, response }): Promise<Arrived> => {
    let attempt: Attempt | null = null
    const asked = async (id: string) => {
      attempt ??= await waitingAttempt(key, id)
      return attempt?.ref === id ? attempt.createdAt : null
    }
    // A draft is known by the log-in alone, and which one that is the response says.
    const named = /\bInResponseTo\s*=\s*["'](_[0-9a-f]{40})["']/.exec(
      Buffer.from(response, 'base64').toString(),
    )?.[1]
    if (named === undefined || (await asked(named)) === null || !attempt)
      throw ssoRefused('expired', 'no log-in waits for this response')
    const begun: Attempt = attempt
    try {
      await keepSaid(begun.id, (await provedSaml(begun, response, asked)) as JsonValue)
    } catch (error) {
      if (begun.purpose !== 'test' || !(error instanceof ControlError)) throw about(error, begun)
      await keepOutcome(begun.id, { ok: false, problem: error.message, claims: null })
      return { redirect: testPage(begun), session: null }
    }
    return { redirect: `/api/auth/saml/${key}/finish?ref=${begun.ref}`, session: null }
  },
})

/** The browser, back by itself from a SAML provider. */
export const samlArrived = action({
  permission: 'anyone',
  input: z.strictObject({ connection: ref, query }),
  run: async ({ connection: key, query }, ctx): Promise<Arrived> => {
    const attempt = await useAttempt(key, query.ref ?? '')
    return conclude(attempt, ctx, async () => {
      if (attempt.said === null) throw ssoRefused('expired', 'the provider has said nothing yet')
      return attempt.said as Said
    })
  },
})
