import { ButtonLink } from '@/app/_ui/button'
import { paths } from '@/lib/paths'

/** Said in place of a page that there is not. */
export function NothingHere() {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center px-4 py-24 text-center">
      <h1 className="font-semibold text-lg">There is nothing here</h1>
      <p className="mt-1 text-ink-2">
        It may have been renamed or archived, or it belongs to a project that you have no part in.
      </p>
      <div className="mt-6">
        <ButtonLink look="primary" href={paths.projects()}>
          All projects
        </ButtonLink>
      </div>
    </div>
  )
}
