import type { Targeting } from '@/lib/control/views'
import { evaluate, parseConfig } from '@/lib/evaluation'
import type {
  Evaluation,
  EvaluationContext,
  FlagType,
  JsonValue,
  Segment,
  Trace,
} from '@/lib/evaluation/types'

type Known = {
  flag: { key: string; type: FlagType; variants: Record<string, JsonValue> }
  salt: string
  killed: boolean
  segments: Readonly<Record<string, Segment>>
}

const ID = '1.1.00000000'

type Decision = { evaluation: Evaluation; trace: Trace } | { problem: string }

/** Lets the engine that providers run decide a draft. Prerequisites are taken as met: they are other flags. */
export function decide(
  targeting: Targeting,
  { flag: { key, type, variants }, salt, killed, segments }: Known,
  context: EvaluationContext,
  now: number,
): Decision {
  const parsed = parseConfig({
    schema: 1,
    flagSetId: 'draft/draft',
    id: ID,
    killed: killed ? [key] : [],
    killedAt: ID,
    flags: { [key]: { ...targeting, prerequisites: [], type, variants, salt, version: 1 } },
    segments: structuredClone(segments),
  })
  if (!parsed.ok) return { problem: parsed.error }
  const fault = parsed.config.malformed()[key]
  if (fault !== undefined) return { problem: fault }
  const trace: Trace = []
  return { evaluation: evaluate(parsed.config, key, context, now, trace), trace }
}
