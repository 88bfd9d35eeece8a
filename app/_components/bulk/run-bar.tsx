'use client'
import { X } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '@/app/_ui/button'
import { Progress } from './progress'
import { type BulkRun, bulk, isUnderWay, sayHowFar } from './run'
import { undoing } from './work'

/** At the foot of a list: what is chosen, or what is done with it. */
export const BAR =
  'fixed bottom-4 left-1/2 z-30 w-[min(46rem,calc(100vw-2rem))] -translate-x-1/2 rounded-lg border border-line-strong bg-raised px-4 py-3'

/** How far it is, and in the end what came of it. */
export function RunBar({ run }: { run: BulkRun }) {
  const [reasons, setReasons] = useState(false)
  const { work, outcomes, total, state, problem, isUndo } = run
  const refused = outcomes.flatMap((outcome) => ('problem' in outcome ? [outcome] : []))
  const done = outcomes.length
  const underWay = isUnderWay(run)
  return (
    <section aria-label="Change of many flags" className={BAR}>
      <div className="flex flex-wrap items-center gap-2">
        <p role="status" className="mr-auto min-w-0 font-medium tabular-nums">
          {sayHowFar(run)}
        </p>
        {refused.length > 0 && (
          <Button look="ghost" aria-expanded={reasons} onClick={() => setReasons(!reasons)}>
            {refused.length.toLocaleString('en')} refused: {reasons ? 'hide' : 'why?'}
          </Button>
        )}
        {underWay && (
          <Button busy={state === 'stopping'} onClick={bulk.stop}>
            Stop
          </Button>
        )}
        {state === 'stopped' && <Button onClick={bulk.resume}>Go on</Button>}
        {!underWay && !isUndo && undoing(work, outcomes).length > 0 && (
          <Button onClick={() => bulk.undo(run)}>Undo</Button>
        )}
        {!underWay && (
          <IconButton label="Dismiss" onClick={bulk.close}>
            <X size={16} aria-hidden />
          </IconButton>
        )}
      </div>
      {problem && <p className="mt-1 text-problem">{problem}</p>}
      {underWay && <Progress done={done} total={total} />}
      {reasons && (
        <ul className="mt-2 max-h-48 divide-y overflow-y-auto border-t">
          {refused.map(({ flag, problem: why }) => (
            <li key={flag} className="py-1.5 text-sm">
              <code className="break-all font-mono text-xs">{flag}</code>{' '}
              <span className="text-ink-2">{why}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
