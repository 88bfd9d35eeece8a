import { type Ask, json, type Reply } from '../answer'
import { now } from '../clock'
import type { Environment } from '../environment'
import type { KeyView } from '../view'
import { answerText, decide, HEADERS } from './answers'
import { contextOf, type Look } from './context'

/** `POST /ofrep/v1/evaluate/flags/{key}`: one flag for one context. OFREP 0.3. */
export async function evaluateFlag(
  ask: Ask,
  environment: Environment,
  view: KeyView,
  key: string,
  look: Look,
): Promise<Reply> {
  const read = await contextOf(ask)
  if ('errorCode' in read) {
    const { status, errorCode, errorDetails } = read
    return json(status, { key, errorCode, errorDetails }, HEADERS)
  }
  look(environment, view, read.context)
  const result = decide(environment, view, key, read.context, now())
  return {
    status: statusOf(result),
    headers: { ...HEADERS, 'Content-Type': 'application/json' },
    body: answerText(key, result),
  }
}

function statusOf(result: ReturnType<typeof decide>): number {
  if (result.reason !== 'ERROR') return 200
  return result.errorCode === 'FLAG_NOT_FOUND' ? 404 : 400
}
