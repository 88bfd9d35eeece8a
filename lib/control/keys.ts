import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db, Tx } from '@/db/client'
import { type EntryActor, envHeads, sdkKeys } from '@/db/schema'
import { hashSecret } from '@/lib/secrets'
import { newToken } from '@/lib/token'
import { namesOf } from './actor-names'
import { actorRef, keptActor } from './audit-log'
import { findEnvironment } from './environments'
import { conflict, invalid, notFound } from './errors'
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

type Row = typeof sdkKeys.$inferSelect
/** As the audit keeps it. */
type Kept = Omit<KeyView, 'createdBy'> & { createdBy: EntryActor }

function view(row: Row): Kept {
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
    origins: row.origins,
    lastUsedAt: row.usedAt?.toISOString() ?? null,
    replacedBy: row.replacedBy,
  }
}

async function shown(db: Db | Tx, rows: readonly Row[]): Promise<KeyView[]> {
  const named = await namesOf(
    db,
    rows.map(({ createdBy }) => createdBy),
  )
  return rows.map((row) => ({ ...view(row), createdBy: named(row.createdBy) }))
}

const shownOne = async (tx: Tx, row: Row): Promise<KeyView> => (await shown(tx, [row]))[0]!

/** An origin as browsers send it, with nothing after the port. */
const origin = z
  .string()
  .max(300)
  .refine(isOrigin, 'name an origin such as https://shop.example.com: no path, no wildcard')

function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text
}

const origins = z
  .array(origin)
  .max(20, 'at most 20 origins')
  .transform((list) => [...new Set(list)])

const ONLY_CLIENTS = 'only client keys name origins: a server key never reaches a browser'

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
    return { items: await shown(db, rows), next: null, total: rows.length }
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
      origins: origins.default([]),
    })
    .superRefine(({ kind, mode, expiresAt, origins }, issue) => {
      if (kind === 'server' && origins.length > 0)
        issue.addIssue({ code: 'custom', path: ['origins'], message: ONLY_CLIENTS })
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
  run: async (tx, { project: _, environment, kind, mode, name, expiresAt, origins }, { ctx, locked }) => {
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
        createdBy: keptActor(actorRef(ctx)),
        expiresAt: expiresAt === undefined ? null : new Date(expiresAt),
        origins,
      })
      .returning()
    await raiseRevision(tx, environmentId)
    return {
      result: { ...(await shownOne(tx, row!)), key: token },
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
      return { ...NO_CHANGE, result: await shownOne(tx, revoked) }
    }
    await raiseRevision(tx, environmentId)
    return {
      result: await shownOne(tx, row),
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

async function findKey(tx: Tx, environmentId: number, input: { key: string; environment: string }) {
  const [row] = await tx
    .select()
    .from(sdkKeys)
    .where(and(eq(sdkKeys.id, input.key), eq(sdkKeys.environmentId, environmentId)))
  if (!row) throw notFound('key', input.key, `environment "${input.environment}"`)
  return row
}

/** Renames a key, or names the pages that may use it. Streams that are open stay so until they are opened again. */
export const updateKey = mutation({
  permission: 'key:write',
  input: z.strictObject({ ...inEnvironment, key: ref, name: name.optional(), origins: origins.optional() }),
  touches: one,
  run: async (tx, { name, origins, ...input }, { locked }) => {
    const environmentId = locked.environments[0]!.id
    const before = await findKey(tx, environmentId, input)
    if (before.kind === 'server' && origins?.length) throw invalid('origins', ONLY_CLIENTS)
    const [row] = await tx
      .update(sdkKeys)
      .set({ name: name ?? before.name, origins: origins ?? before.origins })
      .where(eq(sdkKeys.id, before.id))
      .returning()
    await raiseRevision(tx, environmentId)
    return {
      result: await shownOne(tx, row!),
      audit: {
        action: 'key.update',
        target: `key:${input.key}`,
        projectId: locked.project.id,
        environment: input.environment,
        before: view(before),
        after: view(row!),
      },
      publish: [],
    }
  },
})

/**
 * A new key like the old one, and as long-lived; the old one works for `overlapHours` more, never longer than it would
 * have. The new key is in this answer and nowhere else.
 */
export const rotateKey = mutation({
  permission: 'key:write',
  fresh: true,
  input: z.strictObject({
    ...inEnvironment,
    key: ref,
    overlapHours: z.number().min(0).max(168, 'at most a week').default(0),
  }),
  touches: one,
  run: async (tx, { overlapHours, ...input }, { ctx, locked }) => {
    const environmentId = locked.environments[0]!.id
    const old = await findKey(tx, environmentId, input)
    if (old.revokedAt) throw conflict(`key "${old.name}" was revoked: create a new one`)
    if (old.replacedBy) throw conflict(`key "${old.name}" was rotated already: rotate ${old.replacedBy}`)
    const { id, token } = newToken(old.kind === 'server' ? 'srv' : 'cli')
    const { kind, mode, name, origins } = old
    const [row] = await tx
      .insert(sdkKeys)
      .values({
        ...{ id, environmentId, kind, mode, name, origins },
        hash: hashSecret(token),
        createdBy: keptActor(actorRef(ctx)),
        expiresAt: sql`(select now() + (expires_at - created_at) from sdk_key where id = ${old.id})`,
      })
      .returning()
    const ends = sql`least(${sdkKeys.expiresAt}, now() + make_interval(secs => ${overlapHours * 3_600}))`
    await tx
      .update(sdkKeys)
      .set({ replacedBy: id, ...(overlapHours === 0 ? { revokedAt: sql`now()` } : { expiresAt: ends }) })
      .where(eq(sdkKeys.id, old.id))
    await raiseRevision(tx, environmentId)
    return {
      result: { ...(await shownOne(tx, row!)), key: token },
      audit: {
        action: 'key.rotate',
        target: `key:${old.id}`,
        projectId: locked.project.id,
        environment: input.environment,
        after: { replacedBy: id, overlapHours },
      },
      publish: [],
    }
  },
})
