import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Tx } from '@/db/client'
import { flags, projects, sdkKeys, segments, targetings } from '@/db/schema'
import { type Marks, segmentsNamed } from '@/lib/evaluation'
import { ControlError, conflict, type FieldError } from './errors'
import { browserProblem, type Checked, targetingErrors, type World } from './validate'

/** For a flag that names nothing besides itself and stays on servers. */
export const NOTHING_ELSE: World = { flags: new Map(), segments: new Map(), readable: null }

/** The neighbours of some flags in one environment: those named, and everything that needs something. */
export async function loadWorld(
  tx: Tx,
  projectId: number,
  environmentId: number,
  named: readonly string[],
): Promise<World> {
  const needsSomething = sql`${targetings.prerequisites}::text <> '[]'`
  const neighbours = await tx
    .select({
      key: flags.key,
      browser: flags.browser,
      variants: flags.variants,
      prerequisites: targetings.prerequisites,
    })
    .from(targetings)
    .innerJoin(flags, eq(flags.id, targetings.flagId))
    .where(
      and(
        eq(targetings.environmentId, environmentId),
        isNull(flags.archivedAt),
        or(needsSomething, named.length > 0 ? inArray(flags.key, [...named]) : undefined),
      ),
    )
  const known = await tx
    .select({
      key: segments.key,
      any: segments.any,
      lists: sql<boolean>`cardinality(${segments.included}) + cardinality(${segments.excluded}) > 0`,
    })
    .from(segments)
    .where(eq(segments.projectId, projectId))
  return {
    flags: new Map(
      neighbours.map(({ key, browser, variants, prerequisites }) => [
        key,
        { browser, prerequisites, variants: Object.keys(variants) },
      ]),
    ),
    segments: new Map(known.map(({ key, any, lists }) => [key, { refs: segmentsNamed(any), lists, any }])),
    readable: await readableIn(tx, projectId, environmentId),
  }
}

/** Which attributes may be read in browsers, where a key ships rules there; null: none does. */
async function readableIn(tx: Tx, projectId: number, environmentId: number): Promise<Marks | null> {
  const [row] = await tx
    .select({ attributes: projects.attributes })
    .from(projects)
    .innerJoin(sdkKeys, eq(sdkKeys.environmentId, environmentId))
    .where(and(eq(projects.id, projectId), eq(sdkKeys.mode, 'full'), isNull(sdkKeys.revokedAt)))
    .limit(1)
  return row?.attributes ?? null
}

/** Why a targeting may not be published, or null. `prefix` names where it came from, e.g. `production.`. */
export function refusal(flag: Checked, world: World, prefix = ''): ControlError | null {
  const errors: FieldError[] = targetingErrors(flag, world).map((e) => ({ ...e, path: prefix + e.path }))
  if (errors.length > 0)
    return new ControlError('invalid', errors.map((e) => `${e.path}: ${e.message}`).join('; '), errors)
  const problem = browserProblem(flag, world)
  return problem === null
    ? null
    : conflict(
        `flag "${flag.key}" is available to browsers, and a key of mode "full" ships its rules there, but ${prefix}${problem}. Change that, keep the flag on servers, or use keys of mode "residual"`,
      )
}

export function assertValid(flag: Checked, world: World, prefix = ''): void {
  const refused = refusal(flag, world, prefix)
  if (refused) throw refused
}

/** Flags of the environment that need this one, with the variants they need. */
export function dependants(
  world: World,
  key: string,
): { flag: string; browser: boolean; variants: readonly string[] }[] {
  return [...world.flags].flatMap(([flag, { browser, prerequisites }]) =>
    prerequisites.filter((p) => p.flag === key).map((p) => ({ flag, browser, variants: p.variants })),
  )
}
