import type { Db, Tx } from '@/db/client'
import { heldByPerson, heldByToken } from '@/lib/control/people/held'
import type { Grant } from '@/lib/control/roles'

/** What somebody may do and where, without how they came by it: a person by name and by groups, or a service token. */
export async function grantsOf(
  db: Db | Tx,
  holder: { userId: string } | { tokenId: string },
): Promise<Grant[]> {
  const held =
    'tokenId' in holder ? await heldByToken(db, holder.tokenId) : await heldByPerson(db, holder.userId)
  return held.map(({ role, permissions, project, environment }) => ({
    role,
    permissions,
    project,
    environment,
  }))
}
