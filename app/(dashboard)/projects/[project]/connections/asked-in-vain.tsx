'use client'
import { Badge } from '@/app/_ui/badge'
import { ButtonLink } from '@/app/_ui/button'
import { Day } from '@/app/_ui/time'
import type { ConnectionsView, RefusalView, UnknownFlagView } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { plural } from '@/lib/plural'

const because: Record<UnknownFlagView['because'], string | null> = {
  unknown: null,
  archived: 'archived',
  not_in_browsers: 'not available to browsers',
}

const reasons: Record<RefusalView['reason'], string> = {
  absent: 'came without a key',
  malformed: 'came with a key that was cut short or mistyped',
  token: 'came with a token of the API in place of a key',
  in_url: 'came with a server key in the URL: revoke that key',
  in_browser: 'came from a browser with a server key: revoke that key',
  unknown: 'came with a key that was revoked, has expired or belongs elsewhere',
  origin: 'came from a page whose origin the key does not name',
}

/** What applications asked for and did not get, and the way to it. */
export function AskedInVain({
  project,
  unknownFlags,
  refusals,
  mayCreate,
  now,
}: Pick<ConnectionsView, 'unknownFlags' | 'refusals'> & {
  project: string
  mayCreate: boolean
  /** When the page was made, in epoch ms. */
  now: number
}) {
  return (
    <>
      {unknownFlags.length > 0 && (
        <section aria-labelledby="unknown-flags" className="card">
          <h2 id="unknown-flags" className="px-4 pt-3 font-semibold">
            Asked for, but not there
          </h2>
          <p className="px-4 pb-2 text-ink-2 text-sm">
            Flags that applications asked for within a week. They get the default in their code.
          </p>
          <ul className="divide-y border-t">
            {unknownFlags.map(({ flag, count, client, at, because: why }) => (
              <li key={flag} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
                <code className="break-all font-medium font-mono text-sm">{flag}</code>
                {because[why] && <Badge>{because[why]}</Badge>}
                <span className="min-w-0 flex-1 basis-56 text-ink-2 text-sm">
                  {plural(count, 'time')}, last <Day value={at} now={now} />
                  {client && ` by ${client}`}
                </span>
                {why === 'unknown' ? (
                  mayCreate && (
                    <ButtonLink size="sm" href={paths.flags({ project, create: flag })}>
                      Create this flag
                    </ButtonLink>
                  )
                ) : (
                  <ButtonLink size="sm" href={paths.flag({ project, flag, tab: 'settings' })}>
                    Look at it
                  </ButtonLink>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {refusals.length > 0 && (
        <section aria-labelledby="refused" className="card">
          <h2 id="refused" className="px-4 pt-3 font-semibold">
            Turned away
          </h2>
          <p className="px-4 pb-2 text-ink-2 text-sm">The last request of each kind, within a day.</p>
          <ul className="divide-y border-t">
            {refusals.map(({ reason, key, client, at }) => (
              <li key={`${reason} ${key?.id}`} className="flex flex-wrap gap-x-2 px-4 py-2">
                <span className="font-medium">{client || 'Something'}</span>
                <span>{reasons[reason]}</span>
                <span className="text-ink-2 text-sm">
                  {key && `(${key.name}) `}
                  <Day value={at} now={now} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
