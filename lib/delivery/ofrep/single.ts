import { type Ask, json, type Reply } from '../answer'
import { now } from '../clock'
import type { Environment } from '../environment'
import type { KeyView } from '../view'
import { answerText, decide, HEADERS } from './answers'
import { contextOf, type Look } from './context'

const LONGEST_KEY = 256 // that is counted: keys that nobody knows are, too

/** `POST /ofrep/v1/evaluate/flags/{key}`: one flag for one context. OFREP 0.3. */
export async function evaluateFlag(
  ask: Ask,
  environment: Environment,
  view: KeyView,
  key: string,
  heard: { look: Look; counted: (result: Counted) => void },
): Promise<Reply> {
  const read = await contextOf(ask)
  if ('errorCode' in read) {
    const { status, errorCode, errorDetails } = read
    return json(status, { key, errorCode, errorDetails }, HEADERS)
  }
  heard.look(environment, view, read.context)
  const result = decide(environment, view, key, read.context, now())
  heard.counted(countedAs(key.slice(0, LONGEST_KEY), result))
  return {
    status: statusOf(result),
    headers: { ...HEADERS, 'Content-Type': 'application/json' },
    body: answerText(key, result),
  }
}

/** An evaluation as it is counted: the caller falls back on its default where there is no variant. */
export type Counted = { flag: string; variant: string | null; reason: string; errorCode?: string }

function countedAs(flag: string, result: ReturnType<typeof decide>): Counted {
  if (result.reason === 'ERROR') return { flag, variant: null, reason: 'ERROR', errorCode: result.errorCode }
  return { flag, variant: result.variant ?? null, reason: result.reason }
}

function statusOf(result: ReturnType<typeof decide>): number {
  if (result.reason !== 'ERROR') return 200
  return result.errorCode === 'FLAG_NOT_FOUND' ? 404 : 400
}
