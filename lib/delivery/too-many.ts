import { problem, type Reply } from './answer'
import type { Refusal } from './budgets'

/** Says when to come back. */
export const tooMany = ({ wait, headers }: Refusal): Reply =>
  problem(
    429,
    'Too many requests',
    `this key asks more from one address than is allowed: wait ${wait} s`,
    headers,
  )
