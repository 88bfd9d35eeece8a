import type { Answer, Contender, Engine } from './spec'
import { users } from './users'
import type { Workload } from './workloads'

const TOLERANCE_PERCENT = 5 // three standard deviations of 25 % of 1,000 users are 4.1

/** An engine that was opened for a workload, with its contexts, and found to answer right. */
export type Ready = {
  readonly contender: Contender
  readonly engine: Engine
  readonly contexts: readonly unknown[]
  readonly ask: (context: unknown) => unknown
}

export async function answers({ engine, contexts, ask }: Ready): Promise<readonly Answer[]> {
  const found: Answer[] = []
  for (const context of contexts) found.push(engine.answerOf(await ask(context)))
  return found
}

export async function makeReady(contender: Contender, { environment, flag }: Workload): Promise<Ready> {
  const engine = await contender.open(environment)
  return { contender, engine, contexts: users.map((user) => engine.prepare(user)), ask: engine.ask(flag) }
}

/** What is wrong with the answers, or undefined. */
export async function faultOf(ready: Ready, { expected }: Workload): Promise<string | undefined> {
  const found = await answers(ready)
  const again = await answers(ready)
  const changed = found.findIndex((answer, i) => answer !== again[i])
  if (changed !== -1) return `user ${changed} was answered ${found[changed]}, then ${again[changed]}`
  if ('of' in expected) {
    const wrong = users.findIndex((user, i) => found[i] !== expected.of(user))
    return wrong === -1
      ? undefined
      : `user ${wrong} was answered ${found[wrong]} instead of ${expected.of(users[wrong]!)}`
  }
  return shareFault(found, expected.percentOf)
}

function shareFault(
  found: readonly Answer[],
  percentOf: Readonly<Record<string, number>>,
): string | undefined {
  const counts = new Map<string, number>()
  for (const answer of found) counts.set(String(answer), (counts.get(String(answer)) ?? 0) + 1)
  for (const [answer, count] of counts) {
    const percent = (100 * count) / found.length
    const wanted = percentOf[answer]
    if (wanted === undefined) return `${count} users were answered ${answer}, which is no variant`
    if (Math.abs(percent - wanted) > TOLERANCE_PERCENT) {
      return `${percent.toFixed(1)} % of users were answered ${answer} instead of ${wanted} %`
    }
  }
  const missing = Object.keys(percentOf).find((answer) => !counts.has(answer))
  return missing === undefined ? undefined : `nobody was answered ${missing}`
}
