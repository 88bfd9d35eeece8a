import { Block, Line } from '@/app/_components/targeting/line'
import { VariantName } from '@/app/_components/variant'
import type { Targeting } from '@/lib/control/views'
import { describeOff, describeRule, describeServe } from '@/lib/describe'
import { plural } from '@/lib/plural'

/** The same lines, to read: for whoever may not publish, and for archived flags. */
export function TargetingText({
  targeting,
  variants,
}: {
  targeting: Targeting
  variants: readonly string[]
}) {
  const { offVariant, targets, rules, fallthrough, prerequisites } = targeting
  return (
    <div className="card">
      <Block label="When off">
        <Line lead="When off">serve {describeOff(offVariant)}</Line>
      </Block>
      {prerequisites.map(({ flag, variants: wanted }) => (
        <Block key={flag} label="Needs">
          <Line lead="Needs">
            {flag} to be serving {wanted.join(' or ')}
          </Line>
        </Block>
      ))}
      {targets.map((target) => (
        <Block key={target.variant + target.by} label="Individuals">
          <Line lead="Always">
            serve <VariantName variants={variants} variant={target.variant} /> to{' '}
            {plural(target.values.length, 'individual')}: {target.values.slice(0, 5).join(', ')}
            {target.values.length > 5 && '…'}
          </Line>
        </Block>
      ))}
      {rules.map((rule, index) => (
        <Block key={rule.id} label={`Rule ${index + 1}`} asleep={rule.disabled}>
          <Line lead={`Rule ${index + 1}`}>
            {rule.name && <span className="font-medium">{rule.name}:</span>} {describeRule(rule)}
            {rule.comment && <span className="w-full whitespace-pre-wrap text-ink-2">{rule.comment}</span>}
          </Line>
        </Block>
      ))}
      <Block label="Otherwise">
        <Line lead="Otherwise">serve {describeServe(fallthrough)}</Line>
      </Block>
    </div>
  )
}
