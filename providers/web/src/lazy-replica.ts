import { failed, messageOf } from '../../sync/endpoint'
import type { KillOverlay } from '../../sync/messages'
import type { Replica } from '../../sync/replica'

/** A replica whose code is still on its way: until then there is nothing to serve, and requests wait for it. */
export function lazyReplica(load: () => Promise<Replica>): Replica {
  let replica: Replica | null = null
  let kills: KillOverlay | null = null
  const loaded = async () => {
    replica ??= await load()
    if (kills) replica.kill(kills)
    kills = null
    return replica
  }
  return {
    pushed: true,
    outdated: false,
    validUntil: null,
    get current() {
      return replica?.current ?? null
    },
    get validated() {
      return replica?.validated ?? false
    },
    seed: (text) =>
      loaded().then(
        (inner) => inner.seed(text),
        () => false,
      ),
    replace: (text, config) => replica?.replace(text, config) ?? 'later',
    patch: (text, patch) => replica?.patch(text, patch) ?? 'later',
    kill(overlay) {
      if (replica) replica.kill(overlay)
      else kills = overlay
    },
    fetch: (request) =>
      loaded().then(
        (inner) => inner.fetch(request),
        (error: unknown) => failed(`the evaluation engine did not load: ${messageOf(error)}`),
      ),
    prepare: (flagKey) => replica!.prepare(flagKey),
    resolve: (...asked) => replica!.resolve(...asked),
    changedSince: (before) => replica!.changedSince(before),
    nextEdge: (now) => replica!.nextEdge(now),
  }
}
