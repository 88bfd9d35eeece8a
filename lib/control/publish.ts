import { createHash } from 'node:crypto'
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '@/db/client'
import { configId, encodeSnapshot, replay, type StoredPatch, stateAt, type VersionRow } from '@/db/config-log'
import { envHeads, flags, targetings } from '@/db/schema'
import { BOUNDS, type Marks } from '@/lib/evaluation'
import type { NewVersion } from './audit-log'
import { type Change, compileFlag, refusedByProviders } from './compile'
import { ControlError } from './errors'
import { type Head, type Locked, lockHeads } from './locks'
import { assertPermitted, type Permit } from './protection'
import { changedSegments } from './publish-segments'
import { together } from './together'

/** What a change asks to be published in one environment. */
export type Publication = {
  environmentId: number
  /** Ids of flags whose compiled form may have changed. */
  flags?: readonly number[]
  /** A segment changed: those in use are compiled again. */
  segments?: boolean
  /** The complete kill overlay, when it changed. */
  killed?: readonly string[]
  /** All marks of attributes, when they changed. */
  attributes?: Marks
  /** Publish even where nothing changed: the first version of an environment. */
  always?: boolean
  /** Begin this epoch, so that clients let go of whatever else they hold. */
  epoch?: number
}

const SNAPSHOT_EVERY = 64 // versions replayed at most to rebuild a state

const none = (): Change => ({ patch: { flags: {}, segments: {}, browser: {} }, bytes: 0 })
const ALONE = { flags: {}, segments: {} } // the changed flags reach no segment

/** Compiles the named flags; what came out as before is left out. */
async function changedFlags(tx: Tx, head: Head, ids: readonly number[], change: Change): Promise<boolean> {
  const rows = await tx
    .select({ flag: flags, targeting: targetings })
    .from(targetings)
    .innerJoin(flags, eq(flags.id, targetings.flagId))
    .where(and(eq(targetings.environmentId, head.environmentId), inArray(targetings.flagId, [...ids])))
  const updates: Promise<unknown>[] = []
  let reach = false
  for (const { flag, targeting } of rows) {
    const wire = flag.archivedAt ? null : compileFlag(flag, targeting, 0)
    const compiled = wire === null ? null : JSON.stringify({ browser: flag.browser, flag: wire })
    if (compiled === targeting.compiled) continue
    change.patch.flags[flag.key] = wire
    if (compiled !== null) change.patch.browser[flag.key] = flag.browser
    change.bytes += Buffer.byteLength(compiled ?? '') - Buffer.byteLength(targeting.compiled ?? '')
    updates.push(
      tx
        .update(targetings)
        .set({ compiled })
        .where(and(eq(targetings.flagId, flag.id), eq(targetings.environmentId, head.environmentId)))
        .execute(), // sent at once: the last of many is not one round trip behind each
    )
    reach ||= `${compiled}${targeting.compiled}`.includes('"segment":')
  }
  await together(updates)
  return reach
}

async function compileChange(tx: Tx, locked: Locked, head: Head, publication: Publication): Promise<Change> {
  const change = none()
  if (publication.killed) change.patch.killed = [...publication.killed]
  if (publication.attributes) change.patch.attributes = publication.attributes
  const reach = publication.flags?.length ? await changedFlags(tx, head, publication.flags, change) : false
  const world = reach || publication.segments ? await changedSegments(tx, locked, head, change) : ALONE
  const checked = numbered(change.patch.flags, head.version + 1)
  const refusal = refusedByProviders({ ...world.flags, ...checked }, world.segments)
  if (refusal) throw new ControlError('invalid', `${locked.project.key}: ${refusal}`)
  return change
}

/** Flags carry the version that publishes them, which is known once the head is locked. */
function numbered(compiled: StoredPatch['flags'], version: number): StoredPatch['flags'] {
  const entries = Object.entries(compiled)
  return Object.fromEntries(entries.map(([key, flag]) => [key, flag && { ...flag, version }]))
}

const isEmpty = ({ patch }: Change) =>
  !patch.killed &&
  !patch.attributes &&
  Object.keys(patch.flags).length === 0 &&
  Object.keys(patch.segments).length === 0

/** Takes the next version: moves the head, which is locked. The row of the version is written with the entry of the change. */
async function advance(tx: Tx, head: Head, change: Change, epoch: number): Promise<NewVersion> {
  const { environmentId } = head
  const version = head.version + 1
  const bytes = head.bytes + change.bytes
  if (bytes > BOUNDS.configBytes)
    throw new ControlError(
      'too_large',
      `the compiled config would be ${bytes} bytes: the limit is ${BOUNDS.configBytes} an environment; archive flags or shorten segment lists`,
    )
  const flags = numbered(change.patch.flags, version)
  const patch = JSON.stringify({ ...change.patch, flags })
  const hash = createHash('sha256').update(head.hash).update(patch).digest('hex')
  const id = configId({ epoch, version, hash })
  const killed = change.patch.killed && { killed: change.patch.killed, killedAt: id }
  const moved = { epoch, version, hash, bytes, updatedAt: sql`clock_timestamp()`, ...killed }
  await tx.update(envHeads).set(moved).where(eq(envHeads.environmentId, environmentId))
  const row = { epoch, version, hash, patch, createdAt: new Date() }
  const isKept = epoch !== head.epoch || version % SNAPSHOT_EVERY === 0
  const snapshot = isKept ? await snapshotAfter(tx, head, row) : null
  return { environmentId, epoch, version, hash, patch, snapshot }
}

/** A version from which states can be rebuilt without what came before it. */
async function snapshotAfter(tx: Tx, head: Head, row: VersionRow): Promise<string> {
  const before = await stateAt(tx, head.environmentId, head.epoch, head.version)
  return encodeSnapshot(replay(before, row).state)
}

/**
 * Publishes in the transaction of the change. An environment where nothing came out differently gets no version.
 * `permit`: what is shown to protected environments; null for what they always let in. Answers with the versions by the
 * key of their environment, which the entry of the change is to record.
 */
export async function publish(
  tx: Tx,
  locked: Locked,
  publications: readonly Publication[],
  permit: Permit | null,
): Promise<Map<string, NewVersion>> {
  // All environments at once: the lock is held for as many round trips as one of them takes.
  const changes = await together(
    publications.map(async (publication) => {
      const seen = locked.heads.find((row) => row.environmentId === publication.environmentId)
      const environment = locked.environments.find((row) => row.id === publication.environmentId)
      if (!seen || !environment) throw new Error(`environment ${publication.environmentId} was not locked`)
      return { publication, seen, environment, change: await compileChange(tx, locked, seen, publication) }
    }),
  )
  const due = changes.filter(({ publication, change }) => publication.always || !isEmpty(change))
  if (permit) for (const { environment } of due) assertPermitted(environment, permit, Date.now())
  const ids = due.map(({ environment }) => environment.id)
  const heads = locked.headsAreLocked || ids.length === 0 ? locked.heads : await lockHeads(tx, ids)
  const versions = await together(
    due.map(async ({ publication, seen, environment, change }) => {
      const head = heads.find((row) => row.environmentId === seen.environmentId)!
      const { epoch = head.epoch } = publication
      return [environment.key, await advance(tx, head, change, epoch)] as const
    }),
  )
  return new Map(versions)
}
