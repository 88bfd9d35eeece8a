import type { Ctx } from '../context'
import { ControlError } from '../errors'

/** The door of an identity provider: a service token with the permission. People manage people by the API. */
export function assertProvisioner({ actor }: Ctx): void {
  if (actor.kind === 'service') return
  throw new ControlError('forbidden', 'SCIM is for identity providers: use a service token with "scim:write"')
}

export const taken = (detail: string) => new ControlError('conflict', detail, [], { scimType: 'uniqueness' })
