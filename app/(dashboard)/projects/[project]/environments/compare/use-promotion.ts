'use client'
import { useState } from 'react'
import { type Plan, plannedNote } from '@/app/_components/publish-plan'
import { targetingOf } from '@/app/_components/targeting/targeting-of'
import { toast } from '@/app/_ui/toast'
import { ApiError, api, type Problem } from '@/lib/api-client'
import type { ComparedFlag } from '@/lib/control/views'
import { promoted } from '@/lib/promote'

type Where = { project: string; environment: string }

/** What was published, to be followed on its way. */
export type Promotion = { configId: string; flags: readonly Pick<ComparedFlag, 'key' | 'name'>[] }

const partOf = ({ key, from, to }: ComparedFlag) => ({
  op: 'targeting',
  ifMatch: String(to.version),
  input: { flag: key, ...promoted(targetingOf(from), targetingOf(to)) },
})

/** Sends chosen flags as one change. Where somebody was faster, `onStale` hears which flag it was. */
export function usePromotion(
  where: Where,
  { onDone, onStale }: { onDone: () => void; onStale: (flag: ComparedFlag | undefined) => void },
) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [promotion, setPromotion] = useState<Promotion | null>(null)

  const submit = async (flags: readonly ComparedFlag[], comment: string, plan: Plan) => {
    const body = { changes: flags.map(partOf), comment: comment.trim(), ...plan }
    const { published } = await api.submitChanges(where, body)
    const configId = published[where.environment]
    if (plan.mode !== 'publish') toast.done(plannedNote(plan), 'It stands under Approvals.')
    setPromotion(configId === undefined ? null : { configId, flags })
    onDone()
  }

  const promote = async (flags: readonly ComparedFlag[], comment: string, plan: Plan) => {
    setBusy(true)
    setProblem(null)
    try {
      await submit(flags, comment, plan)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.status === 412) onStale(flags[error.problem.change ?? -1])
      else setProblem(error.problem)
    } finally {
      setBusy(false)
    }
  }
  return { busy, problem, promotion, promote, forgetProblem: () => setProblem(null) }
}
