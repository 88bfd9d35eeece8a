import { z } from 'zod'
import { query } from '../operation'
import { can, type Permission, permissions, reasons } from '../roles'
import { ref } from '../schemas'
import { type Held, heldByPerson } from './held'
import { findPerson, roleView } from './people'
import { findPlace } from './places'
import type { ExplainView, MeView } from './views'

/** What a person may do at a place, and by which grant: "what can Ana do in production?". */
export const explain = query({
  permission: 'member:read',
  input: z.strictObject({ person: ref, project: ref.optional(), environment: ref.optional() }),
  run: async (db, { person, project = null, environment = null }): Promise<ExplainView> => {
    const place = { project, environment: project === null ? null : environment }
    await findPlace(db, place)
    const { id, name, disabledAt } = await findPerson(db, person)
    const held = await heldByPerson(db, id)
    const because = (permission: Permission) => (reasons(held, permission, place) as Held[]).map(roleView)
    return {
      person: { id, name, disabledAt: disabledAt?.toISOString() ?? null },
      ...place,
      permissions: permissions.map((permission) => ({
        permission,
        allowed: disabledAt === null && can(held, permission, place),
        because: because(permission),
      })),
    }
  },
})

/** Who asks, as this credential has it: a personal token shows what it is bounded to. */
export const whoAmI = query({
  permission: 'signed in',
  input: z.strictObject({}),
  run: async (_, __, { actor }): Promise<MeView> => ({
    kind: actor.kind === 'anonymous' ? 'system' : actor.kind,
    id: actor.id,
    name: actor.name,
    grants: actor.grants.map(({ role, project, environment, permissions }) => ({
      role,
      project,
      environment,
      permissions,
    })),
    permissions: permissions.filter((one) => can(actor.grants, one, { project: null, environment: null })),
  }),
})
