import type { IncomingMessage, ServerResponse } from 'node:http'
import { db, sql } from '@/db/client'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { closeRedis, redis } from '@/lib/redis/redis'
import { loadRegex } from '@/lib/regex'
import { Acks } from './acks'
import { Admission } from './admission'
import { LOOK_MS, type Node } from './admitted'
import { type Ask, problem, type Reply } from './answer'
import { askOf, send } from './ask'
import { Budgets } from './budgets'
import { ChangeFeed, type FeedEvents } from './change-feed'
import { serveFlagdSync } from './flagd-sync/serve'
import { FlagdStreams } from './flagd-sync/streams'
import { alsoTold } from './followers'
import { KeyUses } from './key-uses'
import { KeyRing } from './keys'
import { gotThere, measured } from './measures'
import { News } from './news'
import { EVENTS_PATH } from './ofrep/event-streams'
import { Ofrep } from './ofrep/ofrep'
import { openEvents, openStream } from './open-stream'
import { Receipts } from './receipts'
import { gripRelay } from './relay/grip'
import { nchanRelay } from './relay/nchan'
import { RelayedStreams } from './relay/relayed-streams'
import { answer, isOurs, STREAM } from './routes'
import { Sightings } from './sightings'
import { StateCache } from './state-cache'
import { StreamHub } from './stream'
import { answeredUnchanged } from './unchanged'
import { Usage } from './usage'

export type Delivery = {
  /** Answers a delivery path and returns true; leaves any other request alone. */
  handle(request: IncomingMessage, response: ServerResponse): boolean
  /** Answers any other server's request, but for streams; looks at the database first where it could not for a while. */
  answer(ask: Ask): Promise<Reply>
  /** Says goodbye to streams and takes no more of them; resolves when the last has gone. Requests are answered still. */
  leave(): Promise<void>
  /** Stops reading. */
  close(): Promise<void>
}

/** Starts delivery against the database that `lib/env` names; resolves once every environment is in memory. */
export async function startDelivery(): Promise<Delivery> {
  await loadRegex().catch((error) => {
    log.error({ err: error }, 'the regular expressions do not load: flags with patterns are malformed here')
  })
  let receipts: Receipts | undefined
  const hub = new StreamHub((sent) => receipts?.sent(sent))
  const news = new News(sql('delivery'), redis())
  const flagd = new FlagdStreams()
  const ofrep: Ofrep = new Ofrep(
    () => feed.nudge(),
    (environment, view, context) => usage.look(environment.dbId, view !== 'server', context),
  )
  const relays = [
    ...(env.gripUrl === undefined ? [] : [gripRelay(env.gripUrl)]),
    ...(env.nchanUrl === undefined ? [] : [nchanRelay(env.nchanUrl)]),
  ]
  const relayed = new RelayedStreams(
    relays,
    { environments: () => feed.environments.values(), expired: (from, to) => feed.keys.expired(from, to) },
    (relay, error) => {
      if (error) log.warn({ err: error, relay }, 'a relay hears nothing: its streams are late')
      else log.info({ relay }, 'the relay is back')
    },
  )
  const watching: FeedEvents = {
    step: (environment, step) => {
      gotThere('held', step.committedAt)
      hub.step(environment, step)
    },
    reset: (environment) => hub.reset(environment),
    revoked: (ids) => hub.revoke(ids),
    removed: (environment) => hub.remove(environment),
    rewound: ({ flagSetId }, id) => {
      log.error({ flagSetId, id }, 'history rewound: the database has less than was published')
      news.rewound(flagSetId, id)
    },
    broken: (flagSetId, error) =>
      log.error({ err: error, flagSetId }, 'an environment cannot be followed: it is served as it was'),
    lost: (error) => log.warn({ err: error }, 'the database is away: configs are served from memory'),
    found: () => log.info('the database is back'),
  }
  const feed: ChangeFeed = new ChangeFeed(
    db('delivery'),
    new KeyRing(),
    new StateCache(redis()),
    alsoTold(watching, [ofrep.listeners, flagd, relayed]),
  )
  await feed.start()
  const acks = new Acks()
  receipts = new Receipts(db('delivery'), { feed, hub, acks }, (error) =>
    log.warn({ err: error }, 'receipts not written'),
  )
  await news.listen(() => void feed.nudge())
  const usage: Usage = new Usage(db('delivery'), (error) => log.warn({ err: error }, 'counts not written'))
  const uses = new KeyUses(
    db('delivery'),
    feed.keys,
    () => hub.keyIds(),
    (error) => log.warn({ err: error }, 'uses of keys not written'),
  )
  const admission = new Admission(env.maxStreams)
  const sightings = new Sightings(
    db('delivery'),
    feed,
    function* () {
      yield* hub.streams()
      yield* ofrep.listeners.streams()
      yield* flagd.streams()
    },
    (error) => log.warn({ err: error }, 'who is connected was not written'),
  )
  const budgets = new Budgets(env.limits)
  const node: Node = { feed, hub, usage, acks, sightings, ofrep, relayed, budgets }
  const stopMeasuring = measured(node, flagd)
  const sync =
    env.grpcPort === undefined
      ? null
      : await serveFlagdSync(node, flagd, { host: env.host, port: env.grpcPort, tls: env.grpcTls })

  return {
    handle(request, response) {
      const path = (request.url ?? '/').split('?', 1)[0]!
      if (!isOurs(path)) return false
      if (answeredUnchanged(node, request, response)) return true
      const ask = askOf(request)
      const failed = (error: unknown) => {
        log.error({ err: error, path }, 'delivery request failed')
        if (response.headersSent) response.destroy()
        else send(response, problem(500, 'Internal error', 'something failed on our side: the log says what'))
      }
      if (path === STREAM && ask.method === 'GET')
        openStream(node, admission, ask, request, response).catch(failed)
      else if (path === EVENTS_PATH && ask.method === 'GET')
        openEvents(node, admission, ask, request, response).catch(failed)
      else
        answer(node, ask)
          .then((reply) => send(response, reply))
          .catch(failed)
      return true
    },
    async answer(ask) {
      if (ask.path === STREAM || ask.path === EVENTS_PATH)
        return problem(501, 'No streams here', 'functions hold no streams: poll, or ask an edge')
      if (feed.staleSince !== null) await feed.nudgeWithin(LOOK_MS)
      return answer(node, ask)
    },
    async leave() {
      const left = hub.close()
      ofrep.listeners.close()
      flagd.close()
      await Promise.all([left, sync?.close(), relayed.close()])
    },
    async close() {
      stopMeasuring()
      news.stop()
      await feed.stop()
      await receipts?.stop()
      await Promise.all([usage.stop(feed.away), uses.stop(feed.away), sightings.stop(feed.away)])
      await closeRedis()
    },
  }
}
