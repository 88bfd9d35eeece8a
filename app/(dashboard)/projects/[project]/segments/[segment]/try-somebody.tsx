'use client'
import { useMemo, useState } from 'react'
import { ContextInput, readContext, startingContext } from '@/app/_components/targeting/context-input'
import { useRegex } from '@/app/_components/targeting/use-regex'
import { useSegments } from '@/app/_components/targeting/use-segments'
import type { SegmentBody } from '@/lib/control/views'
import { membershipOf } from './membership'

/** Whether somebody is in the draft, and why. */
export function TrySomebody({
  project,
  segment,
  body,
}: {
  project: string
  segment: string
  body: SegmentBody
}) {
  const [text, setText] = useState(() => startingContext(body.any))
  const context = useMemo(() => readContext(text), [text])
  const { segments, loading } = useSegments(project, body.any)
  const readable = useRegex(JSON.stringify([body.any, segments]))
  const membership = useMemo(
    () =>
      context && !loading && readable ? membershipOf(segment, body, segments, context, Date.now()) : null,
    [context, loading, readable, segment, body, segments],
  )
  return (
    <section aria-labelledby="try-somebody" className="card flex flex-col gap-3 p-4">
      <h2 id="try-somebody" className="font-semibold">
        Is somebody in it?
      </h2>
      <ContextInput text={text} onChange={setText} />
      <p role="status" className="min-h-5">
        {membership && 'problem' in membership && (
          <span className="text-ink-2">Not decided: the draft is unfinished ({membership.problem}).</span>
        )}
        {membership && 'inside' in membership && (
          <>
            <strong className="font-semibold">{membership.inside ? 'In it' : 'Not in it'}</strong>
            <span className="text-ink-2">: {membership.because}</span>
          </>
        )}
      </p>
    </section>
  )
}
