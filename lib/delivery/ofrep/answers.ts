import { type EvaluationContext, evaluate } from '@/lib/evaluation'
import { CORS } from '../answer'
import type { Environment } from '../environment'
import type { KeyView } from '../view'

/** What every answer of OFREP carries: it holds for one context and one moment. */
export const HEADERS = { ...CORS, 'Cache-Control': 'no-store' }

type Evaluation = ReturnType<typeof evaluate>

/** A flag that browsers may see can rest on flags and segments that they may not, so it is decided among all. */
export function decide(
  environment: Environment,
  view: KeyView,
  key: string,
  context: EvaluationContext,
  now: number,
): Evaluation {
  const shown = view === 'server' || environment.browser.has(key)
  return evaluate(environment.config(shown ? 'server' : 'full'), key, context, now)
}

const texts = new WeakMap<Evaluation, string>()

/** The fields of an answer but its key, as JSON. The engine shares its answers, so most are written once a version. */
function fieldsOf(result: Evaluation): string {
  let text = texts.get(result)
  if (text === undefined) {
    text = JSON.stringify(written(result)).slice(1)
    texts.set(result, text)
  }
  return text
}

function written(result: Evaluation): object {
  const metadata = result.flagMetadata
  if (result.reason === 'ERROR')
    return { errorCode: result.errorCode, errorDetails: result.errorMessage, metadata }
  const { reason, variant, value } = result
  return { reason, ...(variant === undefined ? {} : { value, variant }), metadata }
}

/** One flag's evaluation, or its failure, as OFREP writes it. */
export function answerText(key: string, result: Evaluation): string {
  return `{"key":${JSON.stringify(key)},${fieldsOf(result)}`
}
