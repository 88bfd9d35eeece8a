import { Webhook } from 'standardwebhooks'
import { expect } from 'vitest'
import { type Jackstaff, PRODUCTION } from './jackstaff'
import { withSql } from './people'
import type { Received, Receiver } from './receiver'

export const HOOKS = '/projects/shop/webhooks'
const FLAG = '/projects/shop/flags/checkout'

type Delivery = {
  id: number
  status: string
  attempts: number
  message: string
  nextAt: string
  answered: number | null
}

/** Verifies a message as the published library does; throws where it is not genuine. */
export const verify = (secret: string, { body, headers }: Received) =>
  new Webhook(secret).verify(body, headers as Record<string, string>)

/** Webhooks of the project that `seedShop` makes, and changes to tell them of. */
export function hooksOf(jackstaff: Jackstaff, receiver: Receiver) {
  let made = 0
  return {
    /** An endpoint at a path of its own. */
    async endpoint(fields: object = {}) {
      const path = `/hook-${++made}`
      const { status, body } = await jackstaff.api('POST', HOOKS, {
        name: `Hook ${made}`,
        url: `${receiver.url}${path}`,
        ...fields,
      })
      expect(status, JSON.stringify(body)).toBe(201)
      const at = `${HOOKS}/${body.id}`
      const deliveries = async (query = ''): Promise<Delivery[]> =>
        (await jackstaff.api('GET', `${at}/deliveries${query}`)).body.items
      return {
        path,
        at,
        id: body.id as string,
        secret: body.secret as string,
        remove: () => jackstaff.api('DELETE', at),
        get: async () => (await jackstaff.api('GET', at)).body,
        deliveries,
        newest: async () => (await deliveries())[0],
      }
    },
    rename: (name: string, headers = {}) =>
      jackstaff.api('PATCH', FLAG, { name }, { 'if-match': '*', ...headers }),
    kill: (reason = 'it broke') => jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason }),
    async lift() {
      const { headers } = await jackstaff.api('GET', `${PRODUCTION}/kill`)
      await jackstaff.api('DELETE', `${PRODUCTION}/kill`, undefined, { 'if-match': headers.get('etag')! })
    },
    /** What waits for its next attempt is due now. */
    hurry: (id: string) =>
      withSql(
        jackstaff,
        (sql) =>
          sql`update webhook_delivery set next_at = now() where webhook_id = ${id} and status = 'pending'`,
      ),
  }
}

export type Hooks = ReturnType<typeof hooksOf>
