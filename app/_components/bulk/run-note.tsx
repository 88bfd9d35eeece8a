'use client'
import { X } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { IconButton } from '@/app/_ui/button'
import { paths } from '@/lib/paths'
import { plural } from '@/lib/plural'
import { Progress } from './progress'
import { bulk, isUnderWay, sayHowFar, useBulkRun } from './run'

/** On every page but the list itself: how far a change of many flags is, and the way to it. */
export function RunNote({ className }: { className: string }) {
  const run = useBulkRun()
  const pathname = usePathname()
  if (!run) return null
  const list = paths.flags({ project: run.project })
  if (pathname === list) return null
  const refused = run.outcomes.filter((outcome) => 'problem' in outcome).length
  const underWay = isUnderWay(run)
  return (
    <section aria-label="Change of many flags" className={className}>
      <div className="flex items-start gap-1">
        <p role="status" className="min-w-0 flex-1 font-medium text-sm tabular-nums">
          {sayHowFar(run)}
        </p>
        {!underWay && (
          <IconButton label="Dismiss" size="sm" onClick={bulk.close}>
            <X size={14} aria-hidden />
          </IconButton>
        )}
      </div>
      {underWay && <Progress done={run.outcomes.length} total={run.total} />}
      <p className="mt-1 flex flex-wrap gap-x-2 text-ink-2 text-sm">
        {refused > 0 && <span>{plural(refused, 'flag')} refused</span>}
        <Link href={list} className="rounded-sm text-accent-ink underline-offset-4 hover:underline">
          {underWay ? 'Show' : 'Show what came of it'}
        </Link>
      </p>
    </section>
  )
}
