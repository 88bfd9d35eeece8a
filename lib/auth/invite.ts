import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Tx } from '@/db/client'
import { users } from '@/db/people'
import { conflict } from '@/lib/control/errors'
import { mutation } from '@/lib/control/mutation'
import { assertCovers, inTurn } from '@/lib/control/people/authority'
import { heldByPerson } from '@/lib/control/people/held'
import { assertFreeEmail, findPerson, personViews } from '@/lib/control/people/people'
import type { LinkView } from '@/lib/control/people/views'
import { name, ref } from '@/lib/control/schemas'
import { env } from '@/lib/env'
import { LINK_MS, newLink } from './links'

async function linkFor(tx: Tx, userId: string): Promise<LinkView> {
  const expiresAt = new Date(Date.now() + LINK_MS).toISOString()
  return { link: `${env.publicUrl}/sign-in?token=${await newLink(tx, 'invite', userId)}`, expiresAt }
}

/** A person without any role yet, and the link by which they come in for the first time. */
export const createPerson = mutation({
  permission: 'member:write',
  fresh: true,
  input: z.strictObject({
    name,
    email: z.email('use an e-mail address such as ana@example.com').max(200),
  }),
  touches: () => null,
  run: async (tx, input, _) => {
    await inTurn(tx)
    await assertFreeEmail(tx, input.email)
    const id = randomUUID()
    const [row] = await tx
      .insert(users)
      .values({ id, ...input })
      .returning()
    return {
      result: { ...(await personViews(tx, [row!]))[0]!, ...(await linkFor(tx, id)) },
      audit: { action: 'person.create', target: `user:${id}`, projectId: null, after: { source: 'local' } },
      publish: [],
    }
  },
})

/** A new link for somebody who lost theirs; the one before ends. Whoever has it is that person: so is who makes it. */
export const createPersonLink = mutation({
  permission: 'member:write',
  fresh: true,
  input: z.strictObject({ person: ref }),
  touches: () => null,
  run: async (tx, input, { ctx }) => {
    await inTurn(tx)
    const person = await findPerson(tx, input.person)
    if (person.disabledAt) throw conflict('this person is disabled: let them in again first')
    assertCovers(ctx.actor, await heldByPerson(tx, person.id))
    return {
      result: await linkFor(tx, person.id),
      audit: { action: 'person.link', target: `user:${person.id}`, projectId: null },
      publish: [],
    }
  },
})
