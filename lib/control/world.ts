import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Tx } from '@/db/client'
import { flags, segments, targetings } from '@/db/schema'
import { segmentsNamed } from '@/lib/evaluation'
import { ControlError, conflict, type FieldError } from './errors'
import { browserProblem, type Checked, targetingErrors, type World } from './validate'

/** For a flag that names nothing besides itself. */
export const NOTHING_ELSE: World = { flags: new Map(), segments: new Map() }

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
    segments: new Map(known.map(({ key, any, lists }) => [key, { refs: segmentsNamed(any), lists }])),
  }
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
        `flag "${flag.key}" is available to browsers, but ${prefix}${problem}. Change that, or keep the flag on servers`,
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
