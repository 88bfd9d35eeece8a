import { and, asc, desc, eq, gt, isNotNull, lte, or } from 'drizzle-orm'
import type { Marks, Segment, WireFlag } from '@/lib/evaluation'
import type { Db, Tx } from './client'
import { configVersions } from './schema'

/** What one version changed, as stored and hashed. `browser` says which flags client keys receive. */
export type StoredPatch = {
  flags: Record<string, WireFlag | null>
  segments: Record<string, Segment | null>
  browser: Record<string, boolean>
  /** Present when this version changed the kill overlay: always the complete list. */
  killed?: string[]
  /** Present when this version changed which attributes are public: always all marks. */
  attributes?: Marks
}

/** An environment's whole published state at one version. */
export type ConfigState = {
  epoch: number
  version: number
  hash: string
  flags: Record<string, WireFlag>
  segments: Record<string, Segment>
  browser: ReadonlySet<string>
  killed: readonly string[]
  killedAt: string
  /** Which attributes browsers may see compared. */
  attributes: Marks
}

type Snapshot = Pick<ConfigState, 'flags' | 'segments' | 'killed' | 'killedAt'> & {
  browser: string[]
  /** Left out where no attribute is marked. */
  attributes?: Marks
}
export type VersionRow = { epoch: number; version: number; hash: string; patch: string; createdAt: Date }

export const EMPTY: ConfigState = {
  epoch: 0,
  version: 0,
  hash: '',
  flags: {},
  segments: {},
  browser: new Set(),
  killed: [],
  killedAt: '',
  attributes: {},
}

export const configId = ({ epoch, version, hash }: Pick<ConfigState, 'epoch' | 'version' | 'hash'>) =>
  `${epoch}.${version}.${hash.slice(0, 8)}`

function merged<T>(before: Record<string, T>, changes: Record<string, T | null>): Record<string, T> {
  if (Object.keys(changes).length === 0) return before
  const after = { ...before }
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete after[key]
    else after[key] = value
  }
  return after
}

/** The flags that client keys receive after a version; the same set where it changes nothing about that. */
export function visibleAfter(before: ReadonlySet<string>, patch: StoredPatch): ReadonlySet<string> {
  const shown = { ...patch.browser }
  for (const [key, flag] of Object.entries(patch.flags)) if (flag === null) shown[key] ??= false
  const changes = Object.entries(shown).filter(([key, is]) => is !== before.has(key))
  if (changes.length === 0) return before
  const after = new Set(before)
  for (const [key, is] of changes) {
    if (is) after.add(key)
    else after.delete(key)
  }
  return after
}

/** The state after one more version. */
export function replay(state: ConfigState, row: VersionRow): { state: ConfigState; patch: StoredPatch } {
  const patch = JSON.parse(row.patch) as StoredPatch
  const { epoch, version, hash } = row
  const overlay = patch.killed
    ? { killed: patch.killed, killedAt: configId(row) }
    : { killed: state.killed, killedAt: state.killedAt }
  return {
    patch,
    state: {
      epoch,
      version,
      hash,
      flags: merged(state.flags, patch.flags),
      segments: merged(state.segments, patch.segments),
      browser: visibleAfter(state.browser, patch),
      attributes: patch.attributes ?? state.attributes,
      ...overlay,
    },
  }
}

export function encodeSnapshot(state: ConfigState): string {
  const { flags, segments, browser, killed, killedAt, attributes } = state
  const snapshot: Snapshot = { flags, segments, browser: [...browser], killed, killedAt, attributes }
  return JSON.stringify(snapshot)
}

/** What `encodeSnapshot` wrote of the state at this version. */
export function decodeSnapshot(
  text: string,
  { epoch, version, hash }: Pick<ConfigState, 'epoch' | 'version' | 'hash'>,
): ConfigState {
  const snapshot = JSON.parse(text) as Snapshot
  const { attributes = {}, browser } = snapshot
  return { ...snapshot, epoch, version, hash, attributes, browser: new Set(browser) }
}

const columns = {
  epoch: configVersions.epoch,
  version: configVersions.version,
  hash: configVersions.hash,
  patch: configVersions.patch,
  createdAt: configVersions.createdAt,
}

/** Versions of one epoch after `version`, in order, at most `limit`. */
export function versionsAfter(
  db: Db | Tx,
  environmentId: number,
  epoch: number,
  version: number,
  limit: number,
): Promise<VersionRow[]> {
  return db
    .select(columns)
    .from(configVersions)
    .where(
      and(
        eq(configVersions.environmentId, environmentId),
        eq(configVersions.epoch, epoch),
        gt(configVersions.version, version),
      ),
    )
    .orderBy(asc(configVersions.version))
    .limit(limit)
}

/** The state at a version: the nearest snapshot before it, and what came since. */
export async function stateAt(
  db: Db | Tx,
  environmentId: number,
  epoch: number,
  version: number,
): Promise<ConfigState> {
  const [base] = await db
    .select({ ...columns, snapshot: configVersions.snapshot })
    .from(configVersions)
    .where(
      and(
        eq(configVersions.environmentId, environmentId),
        eq(configVersions.epoch, epoch),
        lte(configVersions.version, version),
        isNotNull(configVersions.snapshot),
      ),
    )
    .orderBy(desc(configVersions.version))
    .limit(1)
  const from = base?.snapshot ? decodeSnapshot(base.snapshot, base) : { ...EMPTY, epoch }
  return caughtUp(db, environmentId, from, version)
}

/** A state after the versions up to this one, which are read from the log. */
export async function caughtUp(
  db: Db | Tx,
  environmentId: number,
  from: ConfigState,
  version: number,
): Promise<ConfigState> {
  const missing = version - from.version
  if (missing <= 0) return from
  const rows = await versionsAfter(db, environmentId, from.epoch, from.version, missing)
  return rows.reduce((state, row) => replay(state, row).state, from)
}

/** All versions that follow the given ones, of several environments in one question, in order. */
export async function versionsSince(
  db: Db,
  from: readonly { environmentId: number; epoch: number; version: number }[],
): Promise<Map<number, VersionRow[]>> {
  const found = new Map<number, VersionRow[]>(from.map(({ environmentId }) => [environmentId, []]))
  if (from.length === 0) return found
  const after = from.map(({ environmentId, epoch, version }) =>
    and(
      eq(configVersions.environmentId, environmentId),
      eq(configVersions.epoch, epoch),
      gt(configVersions.version, version),
    ),
  )
  const rows = await db
    .select({ ...columns, environmentId: configVersions.environmentId })
    .from(configVersions)
    .where(or(...after))
    .orderBy(asc(configVersions.environmentId), asc(configVersions.version))
  for (const { environmentId, ...row } of rows) found.get(environmentId)?.push(row)
  return found
}
