import {
  type IPolicy,
  isBrokenCircuitError,
  isTaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel'
import { breaker } from '@/lib/breaker'
import { ControlError } from '@/lib/control/errors'
import { refusalOf, ssoRefused } from '@/lib/control/sso/refused'
import { log } from '@/lib/log'

const LONGEST_MS = 4_000 // all that one log-in asks: whoever waits has an answer within 5 s
const FAILURES = 3
const PAUSE_MS = 10_000

/** One question to a provider: it gives up before the whole does, so that there is a reason to tell. */
export const ONE_QUESTION_MS = 3_000

/** The provider was not reached, or is broken: as opposed to an answer that we do not like. */
export const unreachable = (why: string) => Object.assign(new Error(why), { code: 'EAWAY' })

// A policy may be of another bundle than the error: classes say nothing here.
function isAway(error: unknown): boolean {
  if (isTaskCancelledError(error) || isBrokenCircuitError(error)) return true
  if (error instanceof ControlError || !(error instanceof Error)) return false
  const { code, response } = error as Error & { code?: string; response?: { statusCode?: number } }
  if ((response?.statusCode ?? 0) >= 500) return true
  return (
    /^(E[A-Z]+|EAI_[A-Z]+|UND_ERR_\w+|CERT_\w+|DEPTH_\w+|SELF_SIGNED\w*)$/.test(code ?? '') ||
    /timed out/.test(error.message)
  )
}

// Each route is bundled apart: one process, one set of breakers.
const shared = globalThis as { jackstaffSsoBreakers?: Map<string, IPolicy> }
shared.jackstaffSsoBreakers ??= new Map()
const breakers = shared.jackstaffSsoBreakers

const MOST_BREAKERS = 100 // issuers that were tried and never saved go at some time

function policyOf(issuer: string): IPolicy {
  const known = breakers.get(issuer)
  if (known) return known
  if (breakers.size >= MOST_BREAKERS) breakers.clear()
  const name = `identity provider ${issuer}`
  const guarded = breaker(name, { failures: FAILURES, pauseMs: PAUSE_MS, isFailure: isAway })
  const policy = wrap(guarded, timeout(LONGEST_MS, TimeoutStrategy.Aggressive))
  breakers.set(issuer, policy)
  return policy
}

/**
 * Asks a provider, for a bounded time. One that does not answer is left alone for ten seconds after three failures, so
 * that nobody waits for it. Rejects with `away`, or with what the work threw.
 */
export async function asking<T>(issuer: string, work: () => Promise<T>): Promise<T> {
  try {
    return await policyOf(issuer).execute(work)
  } catch (error) {
    if (refusalOf(error) || !isAway(error)) throw error
    log.warn({ issuer, err: error }, 'an identity provider does not answer')
    throw ssoRefused('away', (error as Error).message)
  }
}
