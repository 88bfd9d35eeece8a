import { and, eq, isNull } from 'drizzle-orm'
import type { Tx } from '@/db/client'
import { flags, targetings } from '@/db/schema'
import type { Marks } from '@/lib/evaluation'
import { conflict } from './errors'
import type { Environment, Locked } from './locks'
import { browserProblem } from './validate'
import { loadWorld } from './world'

/**
 * Refuses where a browser flag of these environments rests on what may not be read in browsers. `attributes`: the marks
 * to check against, for environments whose keys ship rules already; left out: those of the project, for a first such key.
 */
export async function assertReadable(
  tx: Tx,
  locked: Locked,
  environments: readonly Environment[],
  attributes?: Marks,
): Promise<void> {
  for (const { id, key } of environments) {
    const rows = await tx
      .select({ flag: flags, targeting: targetings })
      .from(targetings)
      .innerJoin(flags, eq(flags.id, targetings.flagId))
      .where(and(eq(targetings.environmentId, id), eq(flags.browser, true), isNull(flags.archivedAt)))
    const needed = rows.flatMap(({ targeting }) => targeting.prerequisites.map(({ flag }) => flag))
    const loaded = await loadWorld(tx, locked.project.id, id, needed)
    if (attributes && loaded.readable === null) continue
    const world = { ...loaded, readable: attributes ?? locked.project.attributes }
    for (const { flag, targeting } of rows) {
      const { variants, browser } = flag
      const problem = browserProblem({ ...targeting, key: flag.key, variants, browser }, world)
      if (problem)
        throw conflict(
          `flag "${flag.key}" is available to browsers, but in ${key} its rules may not be shipped there: ${problem}`,
        )
    }
  }
}
