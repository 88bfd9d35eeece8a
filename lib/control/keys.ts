import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Tx } from '@/db/client'
import { envHeads, sdkKeys } from '@/db/schema'
import { hashSecret } from '@/lib/secrets'
import { newToken } from '@/lib/token'
import { actorRef } from './audit-log'
import { findEnvironment } from './environments'
import { notFound } from './errors'
import { mutation, NO_CHANGE } from './mutation'
import { query } from './operation'
import { assertReadable } from './readable'
import { name, ref } from './schemas'
import type { KeyView, Page } from './views'

const inEnvironment = { project: ref, environment: ref }

const one = ({ project, environment }: { project: string; environment: string }) => ({
  project,
  environments: [environment],
})

function view(row: typeof sdkKeys.$inferSelect): KeyView {
  const { id, kind, mode, name, createdBy } = row
  return {
    id,
    kind,
    mode,
    name,
    createdBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  }
}

/** Tells delivery nodes to read the keys again: in the poll that they make anyway, and at once. */
async function raiseRevision(tx: Tx, environmentId: number): Promise<void> {
  await tx
    .update(envHeads)
    .set({ keysRevision: sql`${envHeads.keysRevision} + 1` })
    .where(eq(envHeads.environmentId, environmentId))
  await tx.execute(sql`select pg_notify('jackstaff', ${String(environmentId)})`)
}

export const listKeys = query({
  permission: 'key:read',
  input: z.strictObject(inEnvironment),
  run: async (db, input): Promise<Page<KeyView>> => {
    const { environment } = await findEnvironment(db, input.project, input.environment)
    const rows = await db
      .select()
      .from(sdkKeys)
      .where(eq(sdkKeys.environmentId, environment.id))
      .orderBy(desc(sdkKeys.createdAt))
    return { items: rows.map(view), next: null, total: rows.length }
  },
})

/** The key itself is in this answer and nowhere else: only its hash is kept. */
export const createKey = mutation({
  permission: 'key:write',
  fresh: true,
  input: z
    .strictObject({
      ...inEnvironment,
      kind: z.enum(['server', 'client']),
      name,
      mode: z.enum(['residual', 'full']).optional(),
      expiresAt: z.iso.datetime({ offset: true }).optional(),
    })
    .superRefine(({ kind, mode, expiresAt }, issue) => {
      if (kind === 'server' && mode !== undefined)
        issue.addIssue({
          code: 'custom',
          path: ['mode'],
          message: 'only client keys have a mode: leave it out',
        })
      if (expiresAt !== undefined && Date.parse(expiresAt) <= Date.now())
        issue.addIssue({ code: 'custom', path: ['expiresAt'], message: 'this time is in the past' })
    }),
  touches: one,
  run: async (tx, { project: _, environment, kind, mode, name, expiresAt }, { ctx, locked }) => {
    const environmentId = locked.environments[0]!.id
    if (mode === 'full') await assertReadable(tx, locked, locked.environments)
    const { id, token } = newToken(kind === 'server' ? 'srv' : 'cli')
    const [row] = await tx
      .insert(sdkKeys)
      .values({
        id,
        environmentId,
        kind,
        mode: kind === 'client' ? (mode ?? 'residual') : null,
        name,
        hash: hashSecret(token),
        createdBy: actorRef(ctx),
        expiresAt: expiresAt === undefined ? null : new Date(expiresAt),
      })
      .returning()
    await raiseRevision(tx, environmentId)
    return {
      result: { ...view(row!), key: token },
      audit: {
        action: 'key.create',
        target: `key:${id}`,
        projectId: locked.project.id,
        environment,
        after: view(row!),
      },
      publish: [],
    }
  },
})

/** From now on the key is refused, and the streams it opened are closed. */
export const revokeKey = mutation({
  permission: 'key:write',
  input: z.strictObject({ ...inEnvironment, key: ref }),
  touches: one,
  run: async (tx, input, { locked }) => {
    const environmentId = locked.environments[0]!.id
    const mine = and(eq(sdkKeys.id, input.key), eq(sdkKeys.environmentId, environmentId))
    const [row] = await tx
      .update(sdkKeys)
      .set({ revokedAt: sql`now()` })
      .where(and(mine, isNull(sdkKeys.revokedAt)))
      .returning()
    if (!row) {
      const [revoked] = await tx.select().from(sdkKeys).where(mine)
      if (!revoked) throw notFound('key', input.key, `environment "${input.environment}"`)
      return { ...NO_CHANGE, result: view(revoked) }
    }
    await raiseRevision(tx, environmentId)
    return {
      result: view(row),
      audit: {
        action: 'key.revoke',
        target: `key:${input.key}`,
        projectId: locked.project.id,
        environment: input.environment,
        before: { ...view(row), revokedAt: null },
      },
      publish: [],
    }
  },
})
