import { eq, sql } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
import { configId } from '@/db/config-log'
import {
  type ActorRef,
  auditEntries,
  auditHeads,
  configVersions,
  type EntryActor,
  type EntryVia,
} from '@/db/schema'
import type { JsonValue } from '@/lib/evaluation'
import { beginning, type EntryText, entryHash, INSTALLATION_CHAIN, spelled, unchained } from './audit-chain'
import type { Actor, Ctx } from './context'
import { together } from './together'

/** What a change says about itself. `target` names the thing, e.g. `flag:checkout`. */
export type AuditEntry = {
  action: string
  target: string
  projectId: number | null
  environment?: string
  before?: unknown
  after?: unknown
  reason?: string | null
  /** Its id where something names it before it is written, see `takeAuditId`. */
  id?: number
  /** Who did it, where the request does not know yet: somebody who signs in. */
  actor?: ActorRef
}

/** Of a request, what its entry says. */
export type Origin = Pick<Ctx, 'actor' | 'requestId' | 'ip' | 'userAgent'>

/** A version that waits for the id of its entry. */
export type NewVersion = Omit<typeof configVersions.$inferInsert, 'auditId'>

const USER_AGENT_CHARS = 300

export function actorRef(ctx: Pick<Ctx, 'actor'>): ActorRef {
  const { kind, id, name } = ctx.actor
  return kind === 'anonymous'
    ? { kind: 'system', id: 'anonymous', name: 'not signed in' }
    : { kind, id, name }
}

/** As it is kept. People by id alone: their names are read where they are shown, and can be erased. */
export const keptActor = ({ kind, id, name }: ActorRef): EntryActor =>
  kind === 'user' ? { kind, id } : { kind, id, name }

function viaOf(actor: Actor): EntryVia | null {
  if (actor.kind === 'anonymous') return null
  if (actor.kind === 'service') return { token: actor.id }
  const { via } = actor
  if (!via) return null
  return 'session' in via ? { session: via.session, method: via.method } : { token: via.token }
}

/** An id for an entry that is yet to be recorded. */
export async function takeAuditId(tx: Tx): Promise<number> {
  const [row] = await tx.execute<{ id: string }>(sql`select nextval('audit_id_seq')::text as id`)
  return Number(row!.id)
}

type Link = { seq: number; prevHash: string; id: number; at: string }

/** Locks the end of a chain. Its number is an integer of ours: without parameters this is one round trip. */
async function takeLink(tx: Tx, chain: number): Promise<Link | null> {
  const [row] = await tx.execute<{ seq: string; hash: string; id: string; at: string }>(sql`
    with head as materialized (
      select seq, hash from audit_head where chain = ${sql.raw(String(chain))} for update)
    select seq::text, hash, nextval('audit_id_seq')::text as id, ${spelled(sql`clock_timestamp()`)} as at from head`)
  return row ? { seq: Number(row.seq) + 1, prevHash: row.hash, id: Number(row.id), at: row.at } : null
}

/** Begins a chain after the entries that are there already. Whoever is second finds it begun. */
export async function beginChain(tx: Db | Tx, chain: number): Promise<void> {
  const { begun, formerTo } = await beginning(chain, unchained(tx, chain))
  await tx.insert(auditHeads).values({ chain, seq: 0, hash: begun, begun, formerTo }).onConflictDoNothing()
}

const asJson = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value))

function entryText(ctx: Origin, entry: AuditEntry, versions: readonly NewVersion[], link: Link): EntryText {
  const published = versions.map(({ environmentId, epoch, version, hash }) => ({
    environment: environmentId,
    epoch,
    version,
    hash,
  }))
  return {
    chain: entry.projectId ?? INSTALLATION_CHAIN,
    seq: link.seq,
    id: link.id,
    at: link.at,
    actor: JSON.stringify(keptActor(entry.actor ?? actorRef(ctx))),
    via: asJson(viaOf(ctx.actor)),
    action: entry.action,
    target: entry.target,
    environment: entry.environment ?? null,
    before: asJson(entry.before),
    after: asJson(entry.after),
    reason: entry.reason ?? null,
    requestId: ctx.requestId,
    ip: ctx.ip,
    userAgent: ctx.userAgent?.slice(0, USER_AGENT_CHARS) ?? null,
    published: asJson(versions.length > 0 ? published : null),
  }
}

/** Tells delivery nodes of each version, once it is committed. */
const notifications = (versions: readonly NewVersion[]) =>
  Object.fromEntries(
    versions.map((version) => {
      const payload = `${version.environmentId} ${configId(version)}`
      return [`told${version.environmentId}`, sql`pg_notify('jackstaff', ${payload})`]
    }),
  )

/**
 * Writes the entry of a change, with the versions that it published, as the last thing of its transaction: the chain is
 * locked for this one statement and the commit, and nobody who holds it waits for anything else. `beside`: what is written
 * with it and names it. Answers with the id of the entry.
 */
export async function recordAudit(
  tx: Tx,
  ctx: Origin,
  entry: AuditEntry,
  versions: readonly NewVersion[],
  beside: (id: number) => Promise<unknown> = async () => {},
): Promise<number> {
  const chain = entry.projectId ?? INSTALLATION_CHAIN
  let link = await takeLink(tx, chain)
  if (!link) {
    await beginChain(tx, chain)
    link = await takeLink(tx, chain)
  }
  const { seq, prevHash } = link!
  const id = entry.id ?? link!.id
  const row = entryText(ctx, entry, versions, { ...link!, id })
  const hash = entryHash(prevHash, row)
  const json = (text: string | null) => (text === null ? null : sql<JsonValue>`${text}::json`)
  const recorded = tx.$with('recorded').as(
    tx
      .insert(auditEntries)
      .values({
        ...row,
        projectId: entry.projectId,
        seq,
        at: sql`${row.at}::timestamptz`,
        actor: sql`${row.actor}::json`,
        via: json(row.via) as never,
        before: json(row.before),
        after: json(row.after),
        published: json(row.published) as never,
        prevHash,
        hash,
      })
      .returning({ id: auditEntries.id }),
  )
  const versioned =
    versions.length === 0
      ? []
      : [
          tx.$with('versioned').as(
            tx
              .insert(configVersions)
              .values(versions.map((version) => ({ ...version, auditId: id })))
              .returning({ version: configVersions.version }),
          ),
        ]
  const moved = tx
    .with(recorded, ...versioned)
    .update(auditHeads)
    .set({ seq, hash })
    .where(eq(auditHeads.chain, chain))
    .returning({ seq: auditHeads.seq, ...notifications(versions) })
  await together<unknown>([moved.execute(), beside(id)])
  return id
}
