import { and, eq } from 'drizzle-orm'
import type { Tx } from '@/db/client'
import { kills } from '@/db/schema'
import type { Locked } from './locks'

type Named = { id: number; key: string }

/** Removes a flag's kills; answers with the overlays that changed, by environment id. */
export async function withoutKill(tx: Tx, flag: Named, locked: Locked): Promise<Map<number, string[]>> {
  const overlays = new Map<number, string[]>()
  for (const head of locked.heads) {
    if (!head.killed.includes(flag.key)) continue
    await tx.delete(kills).where(and(eq(kills.flagId, flag.id), eq(kills.environmentId, head.environmentId)))
    overlays.set(
      head.environmentId,
      head.killed.filter((key) => key !== flag.key),
    )
  }
  return overlays
}
