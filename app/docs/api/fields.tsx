import type { Schema } from './reference'
import { bounds, TypeText } from './type-text'

/** `mark`: what sets it apart from the others. */
export type FieldRow = { name: string; schema: Schema; mark: string | null }

/** Of what is asked, what must be there is marked; of an answer, what may be missing. */
const rowsOf = ({ properties = {}, required = [] }: Schema, given: boolean): FieldRow[] =>
  Object.entries(properties).map(([name, schema]) => {
    const always = required.includes(name)
    return { name, schema, mark: always === given ? null : given ? 'optional' : 'required' }
  })

/** Names, types and what they mean. */
export function Fields({ label, rows }: { label: string; rows: readonly FieldRow[] }) {
  if (rows.length === 0) return null
  return (
    <div>
      <h3 className="mb-1.5 font-medium text-ink-2 text-sm">{label}</h3>
      <dl className="divide-y rounded-lg border bg-surface">
        {rows.map(({ name, schema, mark }) => (
          <div key={name} className="grid gap-x-4 px-3 py-2 sm:grid-cols-[12rem_1fr]">
            <dt className="break-all font-mono text-sm">
              {name}
              {mark && <span className="ml-2 font-sans text-ink-3 text-xs">{mark}</span>}
            </dt>
            <dd className="min-w-0 text-sm">
              <span className="break-words font-mono text-ink-2">
                <TypeText schema={schema} />
              </span>
              {bounds(schema) && <span className="ml-2 text-ink-3">{bounds(schema)}</span>}
              {schema.description && <span className="block text-ink-2">{schema.description}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** What a schema is: its fields, or its type in a line. `given`: in an answer. */
export function Shape({ label, schema, given = false }: { label: string; schema: Schema; given?: boolean }) {
  if (schema.properties) return <Fields label={label} rows={rowsOf(schema, given)} />
  return (
    <div>
      <h3 className="mb-1.5 font-medium text-ink-2 text-sm">{label}</h3>
      <p className="break-words rounded-lg border bg-surface px-3 py-2 font-mono text-ink-2 text-sm">
        <TypeText schema={schema} />
      </p>
    </div>
  )
}
