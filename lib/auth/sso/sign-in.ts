import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { identities, sessions } from '@/db/people'
import { ssoConnections } from '@/db/sso'
import { conflict, notFound } from '@/lib/control/errors'
import { mutation, NO_CHANGE } from '@/lib/control/mutation'
import { query } from '@/lib/control/operation'
import { inTurn } from '@/lib/control/people/authority'
import { heldByPerson } from '@/lib/control/people/held'
import { findPerson } from '@/lib/control/people/people'
import { self, selfSignedIn } from '@/lib/control/people/sessions'
import { ref } from '@/lib/control/schemas'
import type { Arrival } from '@/lib/control/sso/claims'
import { giftsOf, give } from '@/lib/control/sso/gives'
import { ssoRefused } from '@/lib/control/sso/refused'
import { type Connection, findConnection } from '@/lib/control/sso/rows'
import type { IdentityView } from '@/lib/control/sso/views'
import { arrive, insertIdentity, whoIs } from '@/lib/control/sso/who'
import type { Page } from '@/lib/control/views'
import { createSession } from '../session'

// Called by log-ins that were proved, and by nothing that HTTP reaches.
const proved = { connection: z.custom<Connection>(), arrival: z.custom<Arrival>() }

/** `session`: null where somebody has no access, whatever they had before. */
type Opened = { session: string | null }

/** Signs somebody in whom a provider has sent. */
export const signInBySso = mutation({
  permission: 'anyone',
  input: z.strictObject({
    ...proved,
    /** Who has to come, and the session that ends: somebody who proves once more who they are. */
    again: z.strictObject({ userId: z.string(), session: z.string() }).nullable(),
  }),
  touches: () => null,
  run: async (tx, { connection, arrival, again }, { ctx }) => {
    await inTurn(tx)
    const { person, made } = await arrive(tx, connection, arrival)
    if (again && person.id !== again.userId) throw ssoRefused('other-person')
    const gifts = await giftsOf(tx, connection, arrival.groups)
    const { given, taken } = await give(tx, person.id, connection, gifts)
    const target = `user:${person.id}`
    const holds = await heldByPerson(tx, person.id)
    if (holds.length === 0) {
      if (made) throw ssoRefused('no-access') // nobody is made for nothing
      const result: Opened = { session: null }
      if (taken.length === 0) return { ...NO_CHANGE, result }
      const after = { connection: connection.key, taken }
      return { result, audit: { action: 'sso.withdraw', target, projectId: null, after }, publish: [] }
    }
    if (again) await tx.delete(sessions).where(eq(sessions.id, again.session))
    const { ip, userAgent } = ctx
    const session = await createSession(tx, person.id, { method: connection.key, ip, userAgent })
    return {
      result: { session } satisfies Opened as Opened,
      audit: {
        action: 'session.sign_in',
        actor: { kind: 'user', id: person.id, name: person.name },
        target,
        projectId: null,
        after: { method: connection.key, made, given, taken },
      },
      publish: [],
    }
  },
})

/** One more way in for somebody who is signed in. */
export const linkIdentity = mutation({
  permission: 'anyone',
  input: z.strictObject({ ...proved, userId: z.string() }),
  touches: () => null,
  run: async (tx, { connection, arrival, userId }, _) => {
    await inTurn(tx)
    const who = await whoIs(tx, connection, arrival)
    const person = await findPerson(tx, userId)
    if (person.disabledAt) throw ssoRefused('disabled')
    if (who.kind === 'known' && who.person.id === userId) return { ...NO_CHANGE, result: null }
    const isTheirs =
      'person' in who ? who.person.id !== userId : who.kind === 'refused' && who.code === 'disabled'
    if (isTheirs) throw ssoRefused('linked') // of somebody who is shut out, it is theirs all the same
    await insertIdentity(tx, arrival, userId)
    return {
      result: null,
      audit: {
        action: 'sso.link',
        actor: { kind: 'user', id: userId, name: person.name },
        target: `user:${userId}`,
        projectId: null,
        after: { connection: connection.key },
      },
      publish: [],
    }
  },
})

/** A person's own ways in by SSO. */
export const listMyIdentities = query({
  permission: 'signed in',
  input: z.strictObject({}),
  run: async (db, _, ctx): Promise<Page<IdentityView>> => {
    const rows = await db
      .select({ identity: identities, key: ssoConnections.key, name: ssoConnections.name })
      .from(identities)
      .innerJoin(ssoConnections, eq(ssoConnections.issuer, identities.issuer))
      .where(eq(identities.userId, self(ctx)))
    const items = rows.map(({ identity, key, name }) => ({
      connection: key,
      name,
      subject: identity.subject,
      createdAt: identity.createdAt.toISOString(),
      usedAt: identity.usedAt.toISOString(),
    }))
    return { items, next: null, total: items.length }
  },
})

/** Takes a way in away again. Whoever was made by a log-in has no other. */
export const unlinkMyIdentity = mutation({
  permission: 'signed in',
  fresh: true,
  input: z.strictObject({ connection: ref }),
  touches: () => null,
  run: async (tx, input, { ctx }) => {
    const me = selfSignedIn(ctx)
    await inTurn(tx)
    if ((await findPerson(tx, me.id)).source === 'sso')
      throw conflict('you came by this provider and have no other way in: ask an admin for a sign-in link')
    const { issuer } = await findConnection(tx, input.connection)
    const gone = await tx
      .delete(identities)
      .where(and(eq(identities.userId, me.id), eq(identities.issuer, issuer)))
      .returning()
    if (gone.length === 0) throw notFound('link to', input.connection)
    const before = { connection: input.connection }
    return {
      result: null,
      audit: { action: 'sso.unlink', target: `user:${me.id}`, projectId: null, before },
      publish: [],
    }
  },
})
