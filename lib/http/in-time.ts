import { ControlError } from '@/lib/control/errors'

/** No request waits longer for an answer: people and load balancers give up soon after. */
export const LONGEST_WAIT_MS = 5_000

/** Answers by a time of `performance.now()`, whatever the database does. What is under way may still come to pass. */
export function inTime<T>(deadline: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate()), deadline - performance.now())
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

const tooLate = () =>
  new ControlError(
    'busy',
    'too much waits here, or the database does not answer: look whether it was done, or try again shortly with the same Idempotency-Key',
  )
