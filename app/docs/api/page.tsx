import Link from 'next/link'
import { CodeBlock } from '@/app/_ui/code-block'
import { PageHeader } from '@/app/_ui/page-header'
import { paths } from '@/lib/paths'
import { groups } from './reference'
import { titled } from './reference-names'

const RULES: readonly [string, string][] = [
  [
    'Who asks',
    'Authorization: Bearer, with a personal or a service token. 401 without, 404 outside of one’s projects, 403 inside them.',
  ],
  ['Input', 'JSON of at most 1 MB. Unknown fields are refused by name.'],
  [
    'Errors',
    'application/problem+json: what is wrong, the rule, the way out; errors by field; requestId as in the log.',
  ],
  ['Lists', 'limit and cursor; an answer has items, total and next, the cursor of the next page.'],
  [
    'Versions',
    'ETag of what was read, If-Match on what is changed: 428 without it, 412 where somebody was faster.',
  ],
  ['Repeats', 'Idempotency-Key: the first answer, for 24 hours.'],
  ['Published', 'X-Jackstaff-Version names the config that a change published, to wait for.'],
  ['Budgets', 'RateLimit headers, and 429 with Retry-After.'],
]

export default function ApiOverview() {
  return (
    <>
      <PageHeader title="API">
        One door for changes: the dashboard, automation and the command use it alike.{' '}
        <a href="/api/v1/openapi.json" className="text-accent-ink underline underline-offset-2">
          OpenAPI 3.1
        </a>
      </PageHeader>
      <CodeBlock
        label="a first request"
        code={'curl -H "Authorization: Bearer $JACKSTAFF_TOKEN" "$JACKSTAFF_URL/api/v1/projects"'}
      />
      <dl className="mt-6 divide-y rounded-lg border bg-surface">
        {RULES.map(([name, text]) => (
          <div key={name} className="grid gap-x-4 px-3 py-2 sm:grid-cols-[8rem_1fr]">
            <dt className="font-medium">{name}</dt>
            <dd className="text-ink-2">{text}</dd>
          </div>
        ))}
      </dl>
      {groups.map(({ name, routes }) => (
        <section key={name} className="mt-8" aria-label={titled(name)}>
          <h2 className="mb-2 font-semibold text-lg">
            <Link href={paths.apiGroup({ group: name })} className="underline underline-offset-2">
              {titled(name)}
            </Link>
          </h2>
          <ul className="divide-y rounded-lg border bg-surface">
            {routes.map(({ method, path, summary, anchor }) => (
              <li key={anchor}>
                <Link
                  href={`${paths.apiGroup({ group: name })}#${anchor}`}
                  className="grid gap-x-4 px-3 py-1.5 text-sm hover:bg-hover sm:grid-cols-[4rem_1fr_auto]"
                >
                  <span className="font-mono font-semibold">{method}</span>
                  <span className="min-w-0 break-all font-mono text-ink-2">
                    {path.replace('/api/v1', '')}
                  </span>
                  <span className="text-ink-2">{summary}</span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}
