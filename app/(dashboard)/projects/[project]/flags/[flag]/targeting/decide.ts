import type { Targeting } from '@/lib/control/views'
import { evaluate, parseConfig } from '@/lib/evaluation'
import type {
  Evaluation,
  EvaluationContext,
  FlagType,
  JsonValue,
  Segment,
  Trace,
  TraceStep,
} from '@/lib/evaluation/types'
import { publishedRules } from '@/lib/stored-rules'

type Known = {
  flag: { key: string; type: FlagType; variants: Record<string, JsonValue> }
  salt: string
  killed: boolean
  segments: Readonly<Record<string, Segment>>
}

const ID = '1.1.00000000'

type Decision = { evaluation: Evaluation; trace: Trace } | { problem: string }

/** Disabled rules are not asked, and keep their places in the draft. */
const inDraft = (step: TraceStep, { rules }: Targeting): TraceStep =>
  step.step === 'rule' ? { ...step, index: rules.findIndex(({ id }) => id === step.id) } : step

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
    flags: {
      [key]: {
        ...targeting,
        rules: publishedRules(targeting.rules),
        prerequisites: [],
        type,
        variants,
        salt,
        version: 1,
      },
    },
    segments: structuredClone(segments),
  })
  if (!parsed.ok) return { problem: parsed.error }
  const fault = parsed.config.malformed()[key]
  if (fault !== undefined) return { problem: fault }
  const trace: Trace = []
  const evaluation = evaluate(parsed.config, key, context, now, trace)
  return { evaluation, trace: trace.map((step) => inDraft(step, targeting)) }
}
