import { ControlError } from '@/lib/control/errors'
import { env } from '@/lib/env'
import { countedAs } from '@/lib/limits/client-address'
import { refusalOf } from '@/lib/limits/counter'
import { heldCounter, tooMany } from './rate-limit'

/** Who tries to sign in: from where and, where that is known before it succeeds, as whom. */
export type Tried = { readonly address: string; readonly account?: string | null }

/** An account is attacked from many addresses, and one person mistypes less often than an office. */
const OF_ACCOUNT = 0.5

const FAILURES: ReadonlySet<string> = new Set(['unauthenticated', 'forbidden', 'too_many'])

type Side = { name: string; key: string; free: number }

const sidesOf = ({ address, account }: Tried, quota: number): Side[] => [
  { name: 'sign-in-address', key: countedAs(address), free: quota },
  ...(account == null
    ? []
    : [{ name: 'sign-in-account', key: account.toLowerCase(), free: Math.max(1, quota * OF_ACCOUNT) }]),
]

const triesOf = ({ name }: Side, seconds: number) =>
  heldCounter(name, { quota: Number.MAX_SAFE_INTEGER, seconds }, true)

const turnsOf = ({ name }: Side, seconds: number) => heldCounter(`${name}-turn`, { quota: 1, seconds }, true)

/**
 * Counts a try, and lets it have its turn: each beyond the free ones waits twice as long as the one before, up to the
 * whole window. Whoever comes too soon is refused, and does not make it longer: nobody is locked out for ever.
 */
async function assertTurn(side: Side, seconds: number): Promise<void> {
  const tries = triesOf(side, seconds)
  const { consumedPoints } = await tries.consume(side.key)
  const beyond = consumedPoints - side.free
  if (beyond <= 0) return
  const customDuration = Math.min(2 ** (beyond - 1), seconds)
  try {
    await turnsOf(side, seconds).consume(side.key, 1, { customDuration })
  } catch (error) {
    const refused = refusalOf(error)
    if (!refused) throw error
    await tries.reward(side.key)
    throw tooMany('too many tries to sign in failed', refused.msBeforeNext)
  }
}

/**
 * Runs a try to sign in, in its turn. What succeeds, or fails for another reason than who tried, is not counted; success
 * forgets what failed before for the account.
 *
 * @example await throttled({ address, account: 'break-glass' }, () => signIn(input))
 */
export async function throttled<T>(tried: Tried, attempt: () => Promise<T>): Promise<T> {
  const budget = env.limits['sign-in']
  if (budget === null) return attempt()
  const { quota, seconds } = budget
  const sides = sidesOf(tried, quota)
  for (const side of sides) await assertTurn(side, seconds)
  const uncount = (side: Side) => triesOf(side, seconds).reward(side.key)
  try {
    const result = await attempt()
    await Promise.all(
      sides.map((side) =>
        side.name === 'sign-in-account'
          ? Promise.all([triesOf(side, seconds).delete(side.key), turnsOf(side, seconds).delete(side.key)])
          : uncount(side),
      ),
    )
    return result
  } catch (error) {
    if (!(error instanceof ControlError && FAILURES.has(error.kind))) await Promise.all(sides.map(uncount))
    throw error
  }
}
