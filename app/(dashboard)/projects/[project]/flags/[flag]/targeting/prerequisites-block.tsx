'use client'
import { Plus, X } from 'lucide-react'
import { Block, Line, Problems } from '@/app/_components/targeting/line'
import { removeAt, replaceAt } from '@/app/_components/targeting/lists'
import { Button, IconButton } from '@/app/_ui/button'
import type { FieldProblem } from '@/lib/api-client'
import type { FlagView } from '@/lib/control/views'
import type { Prerequisite } from '@/lib/evaluation/types'
import { FlagInput } from './flag-input'
import { useNeededFlag } from './use-needed-flag'
import { VariantsSelect } from './variants-select'

type Props = {
  project: string
  /** The flag that needs the others. */
  flag: string
  prerequisites: readonly Prerequisite[]
  problems: readonly FieldProblem[]
  onChange: (prerequisites: Prerequisite[]) => void
}

/** "Needs [billing-v2] to be serving [on]": flags that must serve something first. */
export function PrerequisitesBlock({ project, flag, prerequisites, problems, onChange }: Props) {
  const at = (index: number) =>
    problems.filter(({ path }) => `${path}.`.startsWith(`prerequisites.${index}.`))
  const ofAll = problems.filter(({ path }) => path === 'prerequisites')
  return (
    <Block label="Needs" wrong={problems.length > 0}>
      {prerequisites.map((prerequisite, index) => (
        <NeedLine
          // biome-ignore lint/suspicious/noArrayIndexKey: a line keeps its place while its flag is being typed
          key={index}
          lead={index === 0 ? 'Needs' : 'and'}
          project={project}
          dependant={flag}
          prerequisite={prerequisite}
          problems={at(index)}
          onChange={(next) => onChange(replaceAt(prerequisites, index, next))}
          onRemove={() => onChange(removeAt(prerequisites, index))}
        />
      ))}
      <Line lead={prerequisites.length === 0 ? 'Needs' : undefined}>
        <Button
          size="sm"
          look="ghost"
          onClick={() => onChange([...prerequisites, { flag: '', variants: [] }])}
        >
          <Plus size={14} aria-hidden />{' '}
          {prerequisites.length === 0 ? 'another flag to be serving something' : 'and another flag'}
        </Button>
      </Line>
      <Problems problems={ofAll} />
    </Block>
  )
}

/** What is odd about a need, as far as it is known here; the server has the last word. */
function oddness(
  { flag: key, variants }: Prerequisite,
  dependant: string,
  flag: FlagView | null | undefined,
): string[] {
  if (key === dependant) return ['A flag cannot need itself.']
  if (flag === null) return [`There is no flag “${key}”.`]
  if (!flag) return []
  const gone = variants.filter((variant) => !Object.hasOwn(flag.variants, variant))
  return [
    flag.archivedAt && `“${key}” is archived, and serves nothing: bring it back first.`,
    gone.length > 0 && `“${key}” has no variant ${gone.map((variant) => `“${variant}”`).join(', ')}.`,
    variants.length === Object.keys(flag.variants).length &&
      gone.length === 0 &&
      `Met whenever “${key}” is on: all its variants are named.`,
  ].filter((said) => typeof said === 'string')
}

/** Another flag keeps the variants that it has as well; of a boolean flag one means that it is true. */
function withFlag({ variants }: Prerequisite, key: string, chosen: FlagView | undefined): Prerequisite {
  if (!chosen) return { flag: key, variants: [...variants] }
  const names = Object.keys(chosen.variants)
  const kept = variants.filter((variant) => names.includes(variant))
  const usual = names.filter((name) => chosen.variants[name] === true)
  return { flag: key, variants: kept.length > 0 ? kept : usual }
}

function NeedLine({
  lead,
  project,
  dependant,
  prerequisite,
  problems,
  onChange,
  onRemove,
}: {
  lead: string
  project: string
  dependant: string
  prerequisite: Prerequisite
  problems: readonly FieldProblem[]
  onChange: (prerequisite: Prerequisite) => void
  onRemove: () => void
}) {
  const { found, flag } = useNeededFlag(project, prerequisite.flag)
  const others = found.filter(({ key }) => key !== dependant)
  const wrongVariants = problems.some(({ path }) => path.endsWith('.variants'))
  return (
    <Line lead={lead} problems={problems} doubts={oddness(prerequisite, dependant, flag)}>
      <FlagInput
        label="Flag that is needed"
        value={prerequisite.flag}
        found={others}
        invalid={problems.length > 0 && !wrongVariants}
        onChange={(key) =>
          onChange(
            withFlag(
              prerequisite,
              key,
              others.find((other) => other.key === key),
            ),
          )
        }
      />
      <span className="text-ink-2">to be serving</span>
      <VariantsSelect
        label={`Variants of ${prerequisite.flag || 'the flag'}`}
        value={prerequisite.variants}
        variants={Object.keys(flag?.variants ?? {})}
        invalid={wrongVariants}
        onChange={(variants) => onChange({ ...prerequisite, variants })}
      />
      <IconButton
        label={prerequisite.flag ? `No longer need ${prerequisite.flag}` : 'Remove this line'}
        size="sm"
        onClick={onRemove}
      >
        <X size={14} aria-hidden />
      </IconButton>
    </Line>
  )
}
