import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen, type IPolicy } from 'cockatiel'
import { log } from './log'
import { metrics } from './metrics/metrics'

type Options = {
  /** On end, until it is left alone. */
  readonly failures?: number
  readonly pauseMs?: number
  /** Which failures count; default: every one. */
  readonly isFailure?: (error: Error) => boolean
}

const STATES = { [CircuitState.Closed]: 0, [CircuitState.HalfOpen]: 1, [CircuitState.Open]: 2 } as const

/**
 * Stops asking something that fails: after five failures on end it is left alone, but for one attempt a second, or as
 * `options` say. Calls in between are rejected at once. The metric `jackstaff_breaker_state` shows where it stands.
 *
 * @param name of what is asked, for metrics and the log
 * @example const guarded = breaker('redis'); await guarded.execute(() => client.get(key))
 */
export function breaker(
  name: string,
  { failures = 5, pauseMs = 1_000, isFailure = () => true }: Options = {},
): IPolicy {
  const policy = circuitBreaker(handleWhen(isFailure), {
    halfOpenAfter: pauseMs,
    breaker: new ConsecutiveBreaker(failures),
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
