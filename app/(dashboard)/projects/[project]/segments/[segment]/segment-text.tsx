import { Block, Line } from '@/app/_components/targeting/line'
import type { SegmentBody } from '@/lib/control/views'
import { describeCondition } from '@/lib/describe'
import { plural } from '@/lib/plural'

const SHOWN = 5

const people = (ids: readonly string[]) =>
  ids.length === 0
    ? 'nobody'
    : `${plural(ids.length, 'individual')}: ${ids.slice(0, SHOWN).join(', ')}${ids.length > SHOWN ? '…' : ''}`

/** The same lines, to read: for whoever may not change them. */
export function SegmentText({ segment: { by, included, excluded, any } }: { segment: SegmentBody }) {
  return (
    <div className="card">
      <Block label="Excluded">
        <Line lead="Never">{people(excluded)}</Line>
      </Block>
      <Block label="Included">
        <Line lead="Always">{people(included)}</Line>
      </Block>
      {any.map((condition) => (
        <Block key={JSON.stringify(condition)} label="Condition">
          <Line lead="If">{describeCondition(condition)}</Line>
        </Block>
      ))}
      <Block label="Lists">
        <Line lead="Lists">hold values of {by}</Line>
      </Block>
    </div>
  )
}
