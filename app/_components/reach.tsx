import { plural } from '@/lib/plural'
import type { Propagation } from './use-propagation'

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`

/** "Reached 12 of 12 connected SDKs in 0.18 s, 3 servers have confirmed it": large where it matters, honest about what is known. */
export function Reach({ view, settled }: Propagation) {
  if (!view) return <span className="text-ink-2">Asking how far it has reached…</span>
  if (view.connected === 0)
    return <span className="text-ink-2">No SDK is connected: each gets it with its next request.</span>
  const all = view.reached >= view.connected
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
      <span>Reached</span>
      <strong className="font-semibold text-lg">
        {view.reached.toLocaleString('en')} of {view.connected.toLocaleString('en')}
      </strong>
      <span>connected {view.connected === 1 ? 'SDK' : 'SDKs'}</span>
      {view.elapsedMs !== null && (
        <>
          <span>in</span>
          <strong className="font-semibold text-lg">{seconds(view.elapsedMs)}</strong>
        </>
      )}
      {view.acked > 0 && (
        <span className="text-ink-2">
          {view.acked.toLocaleString('en')} {view.acked === 1 ? 'server has' : 'servers have'} confirmed it
        </span>
      )}
      {settled && !all && (
        <span className="text-ink-2">
          {plural(view.connected - view.reached, 'SDK')} did not confirm within 15 s; they poll as well.
        </span>
      )}
    </span>
  )
}
