import { Info } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from '@/app/_ui/cx'
import { FieldError } from '@/app/_ui/field'
import type { FieldProblem } from '@/lib/api-client'
import type { SeenAttributeView } from '@/lib/control/views'

/** What a condition can name. */
export type ConditionScope = {
  segments: readonly string[]
  attributes: readonly string[]
  /** Attributes that applications have sent, by name; empty: none has sent any yet. */
  seen: Readonly<Record<string, SeenAttributeView>>
}

/** What the lines of the editor can name. */
export type Scope = ConditionScope & { variants: readonly string[]; offVariant: string | null }

/** One line of the sentence: its leading word in the gutter, its blanks beside it. */
export function Line({
  lead,
  children,
  problems = [],
  doubts = [],
}: {
  lead?: ReactNode
  children: ReactNode
  problems?: readonly FieldProblem[]
  doubts?: readonly string[]
}) {
  return (
    <div className="grid grid-cols-1 gap-x-3 gap-y-1 py-1 sm:grid-cols-[var(--gutter,5.5rem)_minmax(0,1fr)]">
      <div
        className={cx(
          'flex h-7 items-center font-medium text-ink-2 sm:justify-end',
          lead === undefined && 'max-sm:hidden',
        )}
      >
        {lead}
      </div>
      <div className="min-w-0">
        <div className="flex min-h-7 flex-wrap items-center gap-x-2 gap-y-1.5">{children}</div>
        <Problems problems={problems} />
        <Doubts doubts={doubts} />
      </div>
    </div>
  )
}

export function Problems({ problems }: { problems: readonly FieldProblem[] }) {
  if (problems.length === 0) return null
  return (
    <div className="mt-1.5 flex flex-col gap-1">
      {[...new Set(problems.map((problem) => problem.message))].map((message) => (
        <FieldError key={message}>{message}</FieldError>
      ))}
    </div>
  )
}

/** What is odd, though nothing forbids it. */
function Doubts({ doubts }: { doubts: readonly string[] }) {
  return doubts.map((doubt) => (
    <p key={doubt} className="mt-1 flex items-start gap-2 text-ink-2 text-sm">
      <Info size={14} aria-hidden className="mt-[3px] shrink-0 text-accent-ink" />
      {doubt}
    </p>
  ))
}

/** A part of the targeting between hairlines; a strong edge says that something in it is wrong. */
export function Block({
  children,
  wrong = false,
  lit = false,
  asleep = false,
  held = false,
  drop = null,
  label,
  ...props
}: {
  children: ReactNode
  wrong?: boolean
  /** This line decides for whom is being tried. */
  lit?: boolean
  /** It is there, and does nothing: its words say so. */
  asleep?: boolean
  /** It is being dragged. */
  held?: boolean
  /** On which side of it what is dragged would come to stand. */
  drop?: 'above' | 'below' | null
  label: string
} & Omit<ComponentProps<'fieldset'>, 'className' | 'aria-label'>) {
  return (
    <fieldset
      {...props}
      aria-label={label}
      className={cx(
        'relative min-w-0 border-b px-4 py-2.5 transition-colors last:border-b-0',
        asleep && 'bg-sunken',
        held && 'opacity-40',
        drop && 'after:absolute after:inset-x-0 after:z-10 after:h-0.5 after:bg-accent',
        drop && (drop === 'above' ? 'after:-top-px' : 'after:-bottom-px'),
        lit && 'bg-accent-soft shadow-[inset_3px_0_0_var(--color-accent)]',
        wrong && 'shadow-[inset_3px_0_0_var(--color-problem)]',
      )}
    >
      {children}
    </fieldset>
  )
}
