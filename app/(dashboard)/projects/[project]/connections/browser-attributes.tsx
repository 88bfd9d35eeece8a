'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Button } from '@/app/_ui/button'
import { toast } from '@/app/_ui/toast'
import { TokenInput } from '@/app/_ui/token-input'
import { api } from '@/lib/api-client'
import type { AttributesView } from '@/lib/control/views'

type Mark = 'public' | 'private'
type Marks = AttributesView['attributes']

const rows: { mark: Mark; label: string; hint: string; placeholder: string }[] = [
  {
    mark: 'public',
    label: 'Public attributes',
    hint: 'Pages decide by these themselves, without asking. What rules compare them to can be read there.',
    placeholder: 'country, plan, app.version …',
  },
  {
    mark: 'private',
    label: 'Private all the same',
    hint: 'Exceptions below a public attribute, such as plan.price.',
    placeholder: 'plan.price …',
  },
]

/** Which attributes browsers may see compared, for the whole project. */
export function BrowserAttributes({
  project,
  attributes,
  disabledReason,
}: {
  project: string
  attributes: Marks
  disabledReason: string | false
}) {
  const router = useRouter()
  const [marks, setMarks] = useState(attributes)
  const changed = JSON.stringify(marks) !== JSON.stringify(attributes)
  const { busy, problem, run } = useAction(async () => {
    await api.setAttributes({ project }, { attributes: marks })
    toast.done('Published to every environment')
    router.refresh()
  })
  const add = (mark: Mark, paths: readonly string[]) =>
    setMarks({ ...marks, ...Object.fromEntries(paths.map((path) => [path, mark])) })
  const remove = (gone: string | undefined) =>
    setMarks(Object.fromEntries(Object.entries(marks).filter(([path]) => path !== gone)))
  const marked = (mark: Mark) => Object.keys(marks).filter((path) => marks[path] === mark)

  return (
    <section aria-labelledby="browser-attributes" className="card p-5">
      <h2 id="browser-attributes" className="font-semibold">
        What browsers may compare
      </h2>
      <p className="mt-1 text-ink-2 text-sm">
        Every attribute is private unless it is marked here: the server settles what rests on private ones,
        and the page asks again only when one of them changes. The targeting key is always private. Holds for
        the whole project.
      </p>
      <div className="mt-4 flex flex-col gap-4">
        <ProblemBanner problem={problem} />
        {rows.map(({ mark, label, hint, placeholder }) => (
          <div key={mark}>
            <p className="mb-1 font-medium text-sm">{label}</p>
            <TokenInput
              label={label}
              tokens={marked(mark).map((path) => ({ id: path, text: path }))}
              onAdd={(paths) => add(mark, paths)}
              onRemove={(index) => remove(marked(mark)[index])}
              placeholder={placeholder}
              disabled={disabledReason !== false}
            />
            <p className="mt-1 text-ink-3 text-sm">{hint}</p>
          </div>
        ))}
        <div className="flex justify-end gap-2">
          {changed && <Button onClick={() => setMarks(attributes)}>Discard</Button>}
          <Button
            look="primary"
            busy={busy}
            disabledReason={disabledReason || (!changed && 'Nothing has changed')}
            onClick={() => run()}
          >
            Publish to every environment
          </Button>
        </div>
      </div>
    </section>
  )
}
