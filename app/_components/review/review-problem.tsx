import { ProblemBanner } from '@/app/_components/problem-banner'
import { Banner } from '@/app/_ui/banner'
import type { FieldProblem, Problem } from '@/lib/api-client'

const grouped = (errors: readonly FieldProblem[], placeOf: (path: string) => string) => {
  const places = new Map<string, string[]>()
  for (const { path, message } of errors) {
    const place = placeOf(path)
    places.set(place, [...new Set([...(places.get(place) ?? []), message])])
  }
  return [...places]
}

/** What the server had against a draft, by the places that the editor names. */
export function ReviewProblem({
  problem,
  placeOf,
}: {
  problem: Problem | null
  placeOf: (path: string) => string
}) {
  if (!problem?.errors?.length) return <ProblemBanner problem={problem} />
  return (
    <Banner tone="error" title="This cannot be published yet">
      <ul className="flex flex-col gap-1">
        {grouped(problem.errors, placeOf).map(([place, messages]) => (
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
