import { ProblemBanner } from '@/app/_components/problem-banner'
import { Banner } from '@/app/_ui/banner'
import type { FieldProblem, Problem } from '@/lib/api-client'

const lines: Record<string, string> = {
  fallthrough: 'Otherwise',
  offVariant: 'When off',
  targets: 'Individuals',
  prerequisites: 'Needs',
}

/** "rules.0.when.values" -> "Rule 1" */
function placeOf(path: string): string {
  const [line = '', index] = path.split('.')
  if (line === 'rules' && index !== undefined) return `Rule ${Number(index) + 1}`
  return lines[line] ?? line
}

const grouped = (errors: readonly FieldProblem[]) => {
  const places = new Map<string, string[]>()
  for (const { path, message } of errors) {
    const place = placeOf(path)
    places.set(place, [...new Set([...(places.get(place) ?? []), message])])
  }
  return [...places]
}

export function ReviewProblem({ problem }: { problem: Problem | null }) {
  if (!problem?.errors?.length) return <ProblemBanner problem={problem} />
  return (
    <Banner tone="error" title="This cannot be published yet">
      <ul className="flex flex-col gap-1">
        {grouped(problem.errors).map(([place, messages]) => (
          <li key={place}>
            {place && <span className="font-medium text-ink">{place}: </span>}
            {messages.join('; ')}
          </li>
        ))}
      </ul>
      <p className="mt-2">Keep editing: each problem is marked where it is.</p>
    </Banner>
  )
}
