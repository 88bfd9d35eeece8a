import type { Answer } from '../../sync/config-sync'
import type { Desk } from '../../sync/desk'
import type { Served } from '../../sync/replica'
import type { Keeper, Session } from '../../sync/session'
import type { WebLiveOptions } from './live'
import { loadLive, persist } from './load'

const SILENT_MS = 25_000 // as long as a stream may be silent
const CLOSE_MS = 1_000 // what the application that closes may be kept waiting

/**
 * Keeps a session in a page at its beginning: one request for what is left of the config for this context, while the file
 * that keeps it true is on its way. As long as that does not come, the page goes on with what it has, and is stale.
 */
export function prelude(session: Session, replica: Served, desk: Desk, options: WebLiveOptions): Keeper {
  const { clock, endpoint, errorAfterMs } = options
  let abort = new AbortController()
  let answer: Promise<Answer> | null = null
  let isAsking = false
  let ended = () => {}

  /** One request, or the one that has taken its place. */
  const ask = (): Promise<Answer> => {
    abort.abort()
    const mine = new AbortController()
    abort = mine
    isAsking = true
    answer = replica.fetch({ endpoint, clock, abort, min: null }).then((got) => {
      if (abort !== mine) return answer!
      isAsking = false
      if (session.keeper !== keeper || session.status === 'closed') return got
      if (got === 'later') return ask()
      hear(got)
      return got
    })
    return answer
  }
  const hear = (got: Answer) => {
    if (typeof got === 'string') session.changed()
    else if (got.kind === 'refused') session.moveTo('refused', got.message)
    else session.problem = got.message
  }
  /** What that comes to is the same as when a stream is lost. */
  const lost = (problem: string) => {
    if (!session.config && !isAsking) ask()
    if (session.status !== 'starting') return
    session.moveTo('stale', problem)
    void session.fallBack()
    cancelTimer()
    cancelTimer = clock.after(errorAfterMs, () => {
      if (session.status === 'stale') session.moveTo('error')
    })
  }
  const handOver = ({ keep }: typeof import('./live')) => {
    cancelTimer()
    const firstAnswer = async ({ signal }: AbortController): Promise<Answer> => {
      signal.addEventListener('abort', () => abort.abort())
      const got = await answer!
      return signal.aborted ? 'later' : got // whoever gives it up wants another one
    }
    const live = keep(session, replica, desk, { ...options, ...(answer && { firstAnswer }) })
    if (session.status === 'closed') {
      void live.close().then(ended)
      return
    }
    session.keeper = live
    live.start()
    session.changed()
  }

  const keeper: Keeper = {
    async refetch() {
      const got = await ask()
      if (got === 'later' && session.keeper !== keeper) return session.keeper!.refetch()
      return typeof got === 'string' ? null : got.message
    },
    announce() {}, // changes are told by what comes after
    async close() {
      abort.abort()
      cancelTimer()
      // What was counted is sent by what comes after, if it is here in time.
      if (desk.counting && replica.validated)
        await new Promise<void>((resolve) => {
          ended = resolve
          cancelTimer = clock.after(CLOSE_MS, resolve, true)
        })
      giveUp()
    },
  }
  if (!replica.pushed) ask()
  let cancelTimer = clock.after(SILENT_MS, () => lost('live.js is not here yet'))
  const giveUp = persist(clock, loadLive, handOver, (problem) => lost(`live.js did not load: ${problem}`))
  return keeper
}
