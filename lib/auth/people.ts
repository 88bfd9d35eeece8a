import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Tx } from '@/db/client'
import { roleGrants, users } from '@/db/people'
import type { Ctx } from '@/lib/control/context'
import { ControlError, conflict } from '@/lib/control/errors'
import { mutation, NO_CHANGE } from '@/lib/control/mutation'
import { hasProjects, insertProject } from '@/lib/control/projects'
import { name } from '@/lib/control/schemas'
import { hasUsers, useLink } from './links'
import { createSession, endSession, INVITE, LINK } from './session'

const token = z.string().min(1, 'open the link exactly as it was printed').max(200)

/** A fresh session, for the cookie alone: the HTTP wrapper takes it out of the body. */
export type SignedIn = { session: string; redirect: string }

const by = (method: string, { ip, userAgent }: Ctx) => ({ method, ip, userAgent })

const SAMPLE = { key: 'sample', name: 'Sample project' }

/** The first person: an admin, by the link that the first start printed, with a project to try where there is none. */
export const setUp = mutation({
  permission: 'anyone',
  input: z.strictObject({
    token,
    name,
    email: z.email('use an e-mail address such as ana@example.com').max(200),
  }),
  touches: () => null,
  run: async (tx, input, { ctx, locked }) => {
    await useLink(tx, 'setup', input.token)
    if (await hasUsers(tx)) throw conflict('Jackstaff is set up already: sign in instead')
    const id = randomUUID()
    const { name, email } = input
    await tx.insert(users).values({ id, name, email })
    await tx.insert(roleGrants).values({ userId: id, role: 'admin' })
    const sample = (await hasProjects(tx)) ? null : await insertProject(tx, locked, SAMPLE)
    return {
      result: async (): Promise<SignedIn> => ({
        session: await createSession(tx, id, by(LINK, ctx)),
        redirect: sample ? `/projects/${sample.project.key}/get-started` : '/projects',
      }),
      audit: {
        action: 'installation.set_up',
        actor: { kind: 'user', id, name },
        target: `user:${id}`,
        projectId: sample?.project.id ?? null,
      },
      publish: sample ? sample.publish : [],
    }
  },
})

async function activeUser(tx: Tx, id: string | null) {
  const [user] = id === null ? [] : await tx.select().from(users).where(eq(users.id, id))
  if (!user || user.disabledAt) throw new ControlError('forbidden', 'this account is disabled: ask an admin')
  return user
}

/** Sign-in by a one-time link: printed on the machine that Jackstaff runs on, or made by an admin. */
export const signIn = mutation({
  permission: 'anyone',
  input: z.strictObject({ token }),
  touches: () => null,
  run: async (tx, input, { ctx }) => {
    const link = await useLink(tx, 'sign-in', input.token)
    const user = await activeUser(tx, link.userId)
    const method = link.purpose === 'invite' ? INVITE : LINK
    const session = await createSession(tx, user.id, by(method, ctx))
    return {
      result: { session, redirect: '/projects' } satisfies SignedIn,
      audit: {
        action: 'session.sign_in',
        actor: { kind: 'user', id: user.id, name: user.name },
        target: `user:${user.id}`,
        projectId: null,
        after: { method },
      },
      publish: [],
    }
  },
})

/** Ends the session that asks. */
export const signOut = mutation({
  permission: 'anyone',
  input: z.strictObject({ session: z.string().nullable() }),
  touches: () => null,
  run: async (tx, { session }, { ctx }) => {
    const result = { redirect: '/sign-in' }
    if (session === null || ctx.actor.kind === 'anonymous') return { ...NO_CHANGE, result }
    await endSession(tx, session)
    return {
      result,
      audit: { action: 'session.sign_out', target: `user:${ctx.actor.id}`, projectId: null },
      publish: [],
    }
  },
})
