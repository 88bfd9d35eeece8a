'use client'
import { JsonText, type Reading, readJson } from '@/app/_components/json-text'
import type { FlagView, Targeting } from '@/lib/control/views'
import { parseConfig } from '@/lib/evaluation'

const EMPTY_SEGMENT = { by: 'targetingKey', included: [], excluded: [], any: [] }

/** Read by the very parser that providers run: what it takes over, the editor can show. */
function take(
  value: unknown,
  { key, type, variants }: FlagView,
  segments: readonly string[],
): Reading<Targeting> {
  const flag = { ...(value as object), type, variants, version: 1, salt: key }
  const known = Object.fromEntries(segments.map((segment) => [segment, EMPTY_SEGMENT]))
  const envelope = { schema: 1, flagSetId: 'a/b', id: '1.1.00000000', killed: [], killedAt: '1.1.00000000' }
  const parsed = parseConfig({ ...envelope, flags: { [key]: flag }, segments: known })
  if (!parsed.ok) return { problem: parsed.error }
  const fault = parsed.config.malformed()[key]
  if (fault !== undefined) return { problem: fault }
  const { on, offVariant, prerequisites, targets, rules, fallthrough } = value as Targeting
  return { read: { on, offVariant, prerequisites, targets, rules, fallthrough } }
}

/** The whole targeting as text. */
export function JsonEditor({
  flag,
  segments,
  targeting,
  ...text
}: {
  flag: FlagView
  segments: readonly string[]
  targeting: Targeting
  /** Under which name the tab keeps what does not read. */
  keptAs: string
  onChange: (targeting: Targeting) => void
  onBlocked: (problem: string | null) => void
}) {
  const read = (typed: string) => readJson(typed, (value) => take(value, flag, segments))
  return <JsonText label="Targeting as JSON" value={targeting} read={read} {...text} />
}
