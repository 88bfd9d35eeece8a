import { openConnection } from '../../sync/connection'
import type { Failure } from '../../sync/endpoint'
import type { Hello, Message } from '../../sync/messages'

const SILENT_MS = 25_000 // as long as a stream may be silent: the leader repeats its heartbeats

/** What tabs say to each other. */
type Word =
  /** A tab that has just come asks where things stand. */
  { readonly ask: true } | { readonly beat: true } | { readonly message: Message } | { readonly end: Failure }

/**
 * One stream for all tabs of an origin: the tab that holds the lock reads it and repeats to the others what it reads.
 * When it goes, the next in line opens its own; a visible tab that hears nothing from a leader that sleeps takes the
 * lead. Where tabs cannot find each other, each has a stream.
 */
export function sharedConnection(name: string): typeof openConnection {
  return (endpoint, clock, lastEventId, events) => {
    const locks = typeof document === 'undefined' ? undefined : navigator.locks
    if (!locks) return openConnection(endpoint, clock, lastEventId, events)

    const channel = new BroadcastChannel(name)
    const queue = new AbortController()
    let open = true
    let stopOwn: (() => void) | null = null
    let stopWatch = () => {}
    /** The last hello, with what is newest since. */
    let greeting: { hello: Hello; readonly at: number } | null = null
    let release = () => {}

    const tell = (word: Word) => channel.postMessage(word)
    const close = () => {
      open = false
      stopWatch()
      queue.abort()
      stopOwn?.()
      release()
      channel.close()
    }
    const end = (failure: Failure) => {
      if (!open) return
      if (stopOwn) tell({ end: failure })
      close()
      events.end(failure)
    }
    const watch = () => {
      stopWatch()
      stopWatch = clock.after(SILENT_MS, () => {
        if (document.visibilityState === 'visible') lead({ steal: true })
        else watch()
      })
    }
    const readOwn = () =>
      new Promise<void>((done) => {
        release = done
        stopWatch()
        if (!open || stopOwn) return done()
        stopOwn = openConnection(endpoint, clock, lastEventId, {
          message(message) {
            const told = message.type === 'hello' ? { ...message, relayed: true as const } : message
            if (told.type === 'hello') greeting = { hello: told, at: clock.monotonic() }
            else if (greeting) greeting.hello = { ...greeting.hello, id: idOf(told) ?? greeting.hello.id }
            tell({ message: told })
            events.message(message)
          },
          beat: () => tell({ beat: true }),
          end,
        })
      })
    const lead = (options: LockOptions) => {
      locks.request(name, options, readOwn).catch(() => {
        if (!stopOwn) return // only the place in the queue was given up
        stopOwn()
        stopOwn = null
        end(endpoint.failureOf('another tab has taken the lead'))
      })
    }

    channel.onmessage = ({ data }: MessageEvent<Word>) => {
      if (!open) return
      if ('ask' in data) {
        const late = greeting && clock.monotonic() - greeting.at
        if (greeting) tell({ message: { ...greeting.hello, time: greeting.hello.time + late! } })
        return
      }
      if (stopOwn) return
      watch()
      if ('end' in data) end(data.end)
      if ('message' in data) events.message(data.message)
    }
    watch()
    tell({ ask: true })
    lead({ signal: queue.signal })
    return close
  }
}

/** The newest version that a message knows of. */
function idOf(message: Message): string | undefined {
  return 'patch' in message ? message.patch.to : 'id' in message ? message.id : undefined
}
