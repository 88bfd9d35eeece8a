'use client'
import { Check, X } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { EnvironmentName } from '@/app/_components/environment-name'
import { NamingFields, useNaming } from '@/app/_components/naming'
import { namesOf } from '@/app/_components/publish-plan'
import { TargetingImpact } from '@/app/_components/review/targeting-impact'
import { Badge } from '@/app/_ui/badge'
import { Button } from '@/app/_ui/button'
import { Field, TextArea } from '@/app/_ui/field'
import { Time } from '@/app/_ui/time'
import { toast } from '@/app/_ui/toast'
import { api } from '@/lib/api-client'
import type { ProposalView } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import type { Listed } from './approvals-screen'
import { isPending } from './pending'

type Doing = 'approve' | 'reject' | 'publish' | 'withdraw' | null

const words: Record<ProposalView['status'], string> = {
  draft: 'Draft',
  open: 'Waits for approval',
  scheduled: 'Scheduled',
  published: 'Published',
  rejected: 'Rejected',
  withdrawn: 'Withdrawn',
  held: 'Held',
}

/** "1 of 2 approvals" */
function Approvals({ proposal }: { proposal: ProposalView }) {
  const given = proposal.approvals.filter(({ counts }) => counts).length
  const needed = Math.max(1, proposal.needed)
  return (
    <span className="text-ink-2">
      {given} of {needed} {needed === 1 ? 'approval' : 'approvals'}
    </span>
  )
}

export function ProposalCard({
  project,
  proposal,
  environment,
  reached,
  lines,
  targetings,
  isMine,
  mayDecide,
  mayPublish,
}: Listed & { project: string }) {
  const router = useRouter()
  const [doing, setDoing] = useState<Doing>(null)
  const [comment, setComment] = useState('')
  const where = { project, environment: environment.key, id: proposal.id }
  const naming = useNaming(reached)
  const places = reached.length > 0 ? namesOf(reached) : environment.name
  const approved = proposal.approvals.filter(({ counts }) => counts).length
  const ready = approved >= Math.max(proposal.needed, mayPublish ? 0 : 1)
  const open = isPending(proposal) && proposal.status !== 'draft'
  const done = (note: string) => {
    setDoing(null)
    toast.done(note)
    router.refresh()
  }
  const decide = async (verdict: 'approve' | 'reject') => {
    await api.decide(where, verdict, { hash: proposal.hash, comment })
    done(verdict === 'approve' ? 'Approved' : 'Rejected')
  }
  const publish = async () => {
    await api.publishChange(where, naming.asking.length > 0 ? { confirm: naming.asking } : {})
    done(`Published to ${places}`)
  }
  const withdraw = async () => {
    await api.withdrawChange(where)
    done('Withdrawn')
  }
  return (
    <article className="card px-5 py-4" aria-label={`Change by ${proposal.author.name}`}>
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={proposal.status === 'held' ? 'caution' : 'neutral'}>{words[proposal.status]}</Badge>
        <span className="font-medium">
          <EnvironmentName environment={environment} />
        </span>
        <span className="text-ink-2">
          {proposal.author.name}, <Time value={proposal.createdAt} />
        </span>
        {proposal.at && (
          <span className="text-ink-2">
            for <Time value={proposal.at} />
          </span>
        )}
        <span className="ml-auto text-sm">
          {open && (proposal.needed > 0 || proposal.status === 'open') && <Approvals proposal={proposal} />}
        </span>
      </header>
      {proposal.comment && <p className="mt-2 text-ink-2">“{proposal.comment}”</p>}
      {proposal.problem && <p className="mt-2 font-medium text-caution-ink">{proposal.problem}</p>}
      <ul className="mt-3 flex flex-col gap-1.5">
        {lines.map(({ about, text, isSegment }) => (
          <li key={`${about} ${text}`} className="break-words">
            {about && (
              <Link
                href={
                  isSegment
                    ? paths.segment({ project, segment: about })
                    : paths.flag({ project, flag: about, environment: environment.key })
                }
                className="mr-2 font-mono text-accent-ink text-sm underline-offset-4 hover:underline"
              >
                {about}
              </Link>
            )}
            {text}
          </li>
        ))}
      </ul>
      {targetings.length > 0 && (
        <div className="mt-4 flex flex-col gap-4 border-t pt-3">
          {targetings.map(({ flag, ...targeting }) => (
            <div key={flag}>
              {targetings.length > 1 && <code className="font-mono text-ink-3 text-sm">{flag}</code>}
              <TargetingImpact {...targeting} />
            </div>
          ))}
        </div>
      )}
      {proposal.approvals.length > 0 && (
        <ul className="mt-3 flex flex-col gap-1 border-t pt-3 text-sm">
          {proposal.approvals.map(({ actor, verdict, comment, at, counts }) => (
            <li key={actor.id} className="flex items-center gap-2 text-ink-2">
              {verdict === 'approve' ? <Check size={14} aria-hidden /> : <X size={14} aria-hidden />}
              {actor.name} {verdict === 'approve' ? 'approved' : 'rejected'} <Time value={at} />
              {comment && <span>“{comment}”</span>}
              {verdict === 'approve' && !counts && open && (
                <span className="text-caution-ink">no longer counts: the right to approve is gone</span>
              )}
            </li>
          ))}
        </ul>
      )}
      {isPending(proposal) && (isMine || mayDecide || mayPublish) && (
        <footer className="mt-4 flex flex-wrap justify-end gap-2">
          {(isMine || mayPublish) && (
            <Button look="ghost" onClick={() => setDoing('withdraw')}>
              Withdraw
            </Button>
          )}
          {open && mayDecide && (
            <>
              <Button onClick={() => setDoing('reject')}>Reject…</Button>
              <Button look={ready ? 'secondary' : 'primary'} onClick={() => setDoing('approve')}>
                Approve…
              </Button>
            </>
          )}
          {(isMine || mayPublish) && proposal.status !== 'scheduled' && (
            <Button
              look={ready ? 'primary' : 'secondary'}
              disabledReason={!ready && 'It has to be approved first'}
              onClick={() => setDoing('publish')}
            >
              Publish…
            </Button>
          )}
        </footer>
      )}
      {(doing === 'approve' || doing === 'reject') && (
        <ConfirmDialog
          title={doing === 'approve' ? 'Approve exactly this?' : 'Reject this change?'}
          description={
            doing === 'approve'
              ? 'If its author edits it afterwards, you are asked again.'
              : 'Its author may edit it and ask again.'
          }
          confirm={doing === 'approve' ? 'Approve' : 'Reject'}
          look={doing === 'approve' ? 'primary' : 'danger'}
          onConfirm={() => decide(doing)}
          onClose={() => setDoing(null)}
        >
          <Field label="Comment" optional>
            {(control) => (
              <TextArea
                {...control}
                rows={2}
                maxLength={2000}
                value={comment}
                onChange={(event) => setComment(event.target.value)}
              />
            )}
          </Field>
        </ConfirmDialog>
      )}
      {doing === 'publish' && (
        <ConfirmDialog
          title={`Publish to ${places}?`}
          description={`This reaches every connected SDK in ${places} within a second.`}
          confirm="Publish"
          blocked={naming.missing}
          onConfirm={publish}
          onClose={() => setDoing(null)}
        >
          {naming.asking.length > 0 && <NamingFields {...naming} />}
        </ConfirmDialog>
      )}
      {doing === 'withdraw' && (
        <ConfirmDialog
          title="Withdraw this change?"
          description="Nothing is published. It stays in the list of all changes."
          confirm="Withdraw"
          look="danger"
          onConfirm={withdraw}
          onClose={() => setDoing(null)}
        />
      )}
    </article>
  )
}
