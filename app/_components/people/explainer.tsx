'use client'
import { Check, Minus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Select } from '@/app/_ui/select'
import { Skeleton } from '@/app/_ui/skeleton'
import type { Problem } from '@/lib/api-client'
import { ApiError } from '@/lib/api-client'
import type { ExplainView, RoleView } from '@/lib/control/people/views'
import { peopleApi } from '@/lib/people-client'
import { ProblemBanner } from '../problem-banner'
import { areas } from './permission-words'
import { type PlaceProject, placeName } from './places'

const EVERYWHERE = '*' // no key may hold an asterisk

const because = ({ role, group, ...at }: RoleView) =>
  `${role} ${placeName(at)}${group ? `, by ${group.name}` : ''}`

function Answers({ answers }: { answers: ExplainView }) {
  const by = new Map(answers.permissions.map((line) => [line.permission, line]))
  return areas.map(({ area, permissions }) => (
    <section key={area} aria-label={area}>
      <h3 className="mb-1 font-medium text-ink-3 text-sm">{area}</h3>
      <ul className="divide-y rounded-md border">
        {permissions.map(([permission, words]) => {
          const line = by.get(permission)
          const Icon = line?.allowed ? Check : Minus
          return (
            <li key={permission} className="flex items-start gap-2 px-3 py-1.5">
              <Icon
                size={16}
                aria-hidden
                className={line?.allowed ? 'mt-0.5 text-accent-ink' : 'mt-0.5 text-ink-3'}
              />
              <span className={line?.allowed ? 'min-w-0 flex-1' : 'min-w-0 flex-1 text-ink-3'}>
                <span className="sr-only">{line?.allowed ? 'Yes: ' : 'No: '}</span>
                {words}
                {line && line.because.length > 0 && (
                  <span className="block text-ink-3 text-sm">{line.because.map(because).join('; ')}</span>
                )}
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  ))
}

/** "What can Ana do in production?", with the grant that says so. */
export function Explainer({
  person,
  projects,
  project: fixed,
  onClose,
}: {
  person: { id: string; name: string }
  projects: readonly PlaceProject[]
  /** Asks about this project alone. */
  project?: string
  onClose: () => void
}) {
  const [project, setProject] = useState(fixed ?? EVERYWHERE)
  const [environment, setEnvironment] = useState(EVERYWHERE)
  const [answers, setAnswers] = useState<ExplainView | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const inside = projects.find(({ key }) => key === project)

  useEffect(() => {
    let current = true
    const place = {
      ...(project !== EVERYWHERE && { project }),
      ...(environment !== EVERYWHERE && { environment }),
    }
    peopleApi.explain({ person: person.id, ...place }).then(
      ({ value }) => current && setAnswers(value),
      (error) => current && error instanceof ApiError && setProblem(error.problem),
    )
    return () => {
      current = false
    }
  }, [person.id, project, environment])

  return (
    <Dialog
      open
      onClose={onClose}
      shape="sheet"
      title={`What can ${person.name} do?`}
      description={
        <div className="mt-2 flex flex-wrap gap-2">
          {fixed === undefined && (
            <Select
              label="Project"
              value={project}
              choices={[
                { value: EVERYWHERE, label: 'In the installation' },
                ...projects.map(({ key, name }) => ({ value: key, label: name })),
              ]}
              onChange={(next) => {
                setProject(next)
                setEnvironment(EVERYWHERE)
              }}
            />
          )}
          {inside && (
            <Select
              label="Environment"
              value={environment}
              choices={[
                { value: EVERYWHERE, label: 'In the whole project' },
                ...inside.environments.map(({ key, name }) => ({ value: key, label: name })),
              ]}
              onChange={setEnvironment}
            />
          )}
        </div>
      }
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <div className="flex flex-col gap-4">
        <ProblemBanner problem={problem} />
        {answers?.person.disabledAt && (
          <p className="text-caution-ink">Disabled: nothing of this counts until they are let in again.</p>
        )}
        {answers ? <Answers answers={answers} /> : !problem && <Skeleton className="h-64" />}
      </div>
    </Dialog>
  )
}
