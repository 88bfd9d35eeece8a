import { ControlError } from '@/lib/control/errors'
import type { Operation } from '@/lib/control/operation'

async function refuse(): Promise<never> {
  throw new ControlError('not_found', 'there is nothing at this address')
}

/** Answers addresses that an API does not have, as it answers everything else. */
export const noSuchRoute: Operation<unknown, never> = Object.assign(refuse, {
  answer: refuse,
  permission: 'anyone' as const,
})
