import { Badge } from '@/app/_ui/badge'
import { CodeBlock } from '@/app/_ui/code-block'
import { Fields, Shape } from './fields'
import { answersOf, bodyOf, curlOf, parametersOf, type Route } from './reference'

const WHO: Record<string, string> = {
  anyone: 'Without credentials',
  'signed in': 'Whoever is signed in',
}

export function OperationSection({ route }: { route: Route }) {
  const { method, path, summary, anchor } = route
  const permission = route['x-jackstaff-permission']
  const body = bodyOf(route)
  const fields = (place: 'path' | 'query') =>
    parametersOf(route, place).map(({ name, schema, required = false }) => ({
      name,
      schema,
      mark: required && place === 'query' ? 'required' : null,
    }))
  return (
    <section id={anchor} className="scroll-mt-6 border-t pt-6" aria-labelledby={`${anchor}-title`}>
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h2 id={`${anchor}-title`} className="font-semibold text-lg">
          {summary}
        </h2>
        <Badge>{WHO[permission] ?? permission}</Badge>
      </div>
      <p className="mt-1 mb-4 break-all font-mono text-sm">
        <span className="font-semibold">{method}</span> <span className="text-ink-2">{path}</span>
      </p>
      <div className="flex flex-col gap-4">
        <CodeBlock label={`${summary}, as curl asks`} code={curlOf(route)} />
        <Fields label="In the address" rows={fields('path')} />
        <Fields label="In the query" rows={fields('query')} />
        {body && <Shape label="Body" schema={body} />}
        {answersOf(route).map(({ status, description, schema }) =>
          schema ? (
            <Shape key={status} label={`Answer ${status}`} schema={schema} given />
          ) : (
            <p key={status} className="text-ink-2 text-sm">
              Answer {status}: {description}
            </p>
          ),
        )}
      </div>
    </section>
  )
}
