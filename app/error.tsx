'use client'
import { Button, ButtonLink } from '@/app/_ui/button'
import { paths } from '@/lib/paths'

export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = (error as { digest?: unknown } | null)?.digest
  return (
    <main className="mx-auto flex max-w-md flex-col items-center px-4 py-24 text-center">
      <div role="alert">
        <h1 className="font-semibold text-lg">This page could not be shown</h1>
        <p className="mt-1 text-ink-2">
          Flags are not affected: applications go on evaluating. Try again; if it stays, look for this in the
          server’s log.
        </p>
      </div>
      {typeof digest === 'string' && <code className="mt-3 font-mono text-ink-2 text-sm">{digest}</code>}
      <div className="mt-6 flex gap-2">
        <Button look="primary" onClick={retry}>
          Try again
        </Button>
        <ButtonLink href={paths.projects()}>All projects</ButtonLink>
      </div>
    </main>
  )
}
