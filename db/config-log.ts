import { and, asc, desc, eq, gt, isNotNull, lte } from 'drizzle-orm'
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

function visible(before: ReadonlySet<string>, patch: StoredPatch): ReadonlySet<string> {
  const after = new Set(before)
  for (const [key, flag] of Object.entries(patch.flags)) if (flag === null) after.delete(key)
  for (const [key, shown] of Object.entries(patch.browser)) {
    if (shown) after.add(key)
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
      browser: visible(state.browser, patch),
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
  let state: ConfigState = { ...EMPTY, epoch }
  if (base?.snapshot) {
    const snapshot = JSON.parse(base.snapshot) as Snapshot
    const { version: at, hash } = base
    const { attributes = {}, browser } = snapshot
    state = { ...snapshot, epoch, version: at, hash, attributes, browser: new Set(browser) }
  }
  const rows = await versionsAfter(db, environmentId, epoch, state.version, version - state.version)
  for (const row of rows) state = replay(state, row).state
  return state
}
