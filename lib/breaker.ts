import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleAll, type IPolicy } from 'cockatiel'
import { log } from './log'
import { metrics } from './metrics/metrics'

const FAILURES = 5
const TRY_AGAIN_MS = 1_000

const STATES = { [CircuitState.Closed]: 0, [CircuitState.HalfOpen]: 1, [CircuitState.Open]: 2 } as const

/**
 * Stops asking something that fails: after five failures on end it is left alone, but for one attempt a second. Calls in
 * between are rejected at once. The metric `jackstaff_breaker_state` shows where it stands.
 *
 * @param name of what is asked, for metrics and the log
 * @example const guarded = breaker('redis'); await guarded.execute(() => client.get(key))
 */
export function breaker(name: string): IPolicy {
  const policy = circuitBreaker(handleAll, {
    halfOpenAfter: TRY_AGAIN_MS,
    breaker: new ConsecutiveBreaker(FAILURES),
  })
  const told = (state: keyof typeof STATES) => metrics().breakerState.set({ name }, STATES[state])
  told(CircuitState.Closed)
  policy.onBreak(() => {
    log.warn({ name }, 'it fails again and again, and is left alone for a while')
    told(CircuitState.Open)
  })
  policy.onHalfOpen(() => told(CircuitState.HalfOpen))
  policy.onReset(() => {
    log.info({ name }, 'it answers again')
    told(CircuitState.Closed)
  })
  return policy
}
