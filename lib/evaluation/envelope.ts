import { BOUNDS } from './bounds'
import { parseId } from './ids'
import { isRecord } from './records'
import { type Check, fault, fields, list, must, string } from './shape'

const id = must(
  'an id of the form <epoch>.<version>.<hash8>',
  (input) => typeof input === 'string' && parseId(input) !== null,
)

const anObject = must('an object', isRecord)

const flags: Check = (input) => {
  const count = isRecord(input) ? Object.keys(input).length : 0
  return count > BOUNDS.flags ? fault(`has ${count} flags; the most is ${BOUNDS.flags}`) : anObject(input)
}

const overlay = { killed: list(string, { to: BOUNDS.flags }), killedAt: id }

/** Everything about a config that is not the matter of a single flag or segment. */
export const envelope = fields({
  schema: must('1, the schema this version reads', (input) => input === 1),
  flagSetId: must('the name of a flag set', (input) => typeof input === 'string' && input !== ''),
  id,
  flags: anObject,
  segments: anObject,
  ...overlay,
})

export const patchEnvelope = fields({
  from: id,
  to: id,
  flags,
  segments: anObject,
  ...overlay,
})

export const killOverlay = fields(overlay)
