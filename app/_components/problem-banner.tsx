import { Banner } from '@/app/_ui/banner'
import type { Problem } from '@/lib/api-client'
import { SignInAgain } from './sign-in-again'

/** What is wrong, less what stands beside its field already. */
export function ProblemBanner({
  problem,
  shown = [],
}: {
  problem: Problem | null
  shown?: readonly string[] | undefined
}) {
  if (!problem) return null
  if (problem.code === 'sign_in_again') return <SignInAgain reason="stale" />
  if (problem.status === 401) return <SignInAgain reason="ended" />
  const rest = (problem.errors ?? []).filter(
    ({ path }) => !shown.some((field) => path === field || path.startsWith(`${field}.`)),
  )
  if (problem.errors?.length && rest.length === 0) return null
  return (
    <Banner tone="error" title={rest.length > 0 ? 'This cannot be saved yet' : problem.detail}>
      {rest.length > 0 && (
        <ul className="list-disc pl-4">
          {rest.map((error) => (
            <li key={error.path + error.message}>
              {error.path && <code className="font-mono text-sm">{error.path}: </code>}
              {error.message}
            </li>
          ))}
        </ul>
      )}
    </Banner>
  )
}
