import { randomUUID } from 'node:crypto'
import { secretFor } from '@/lib/secrets'
import type { Ask, Reply } from '../answer'
import type { Step } from '../backlog'
import { now } from '../clock'
import type { Environment } from '../environment'
import type { Follower } from '../followers'
import { bye, changed, HEARTBEAT_MS, hello, opening, patchFrame, resync, stateFrame } from '../frames'
import type { Key } from '../keys'
import { corsFor } from '../origins'
import { type KeyView, keyViews } from '../view'
import { Outbox } from './outbox'
import type { Relay } from './relay'

const LOOK_MS = 1_000
const CROWD = 10_000 // how many listen is not known here: whole configs are fetched within 20 s
const REPEAT_MS = HEARTBEAT_MS
const SURE_AFTER = 2 // then it is said to make sure, and a relay that knows ids may leave it out

type Told = { at: number; times: number }

/**
 * The streams that relays hold. Every version is a frame of its own, so that what several edges tell is the same. Each
 * channel hears where it stands a second after a change and every 10 s: who missed something, also between the answer
 * that began its stream and the relay's listening, or while no edge was there, fetches it then.
 */
export class RelayedStreams implements Follower {
  private readonly outboxes: Outbox[]
  private readonly told = new Map<Environment, Told>()
  private readonly timer: NodeJS.Timeout | undefined
  private lookedAt = 0
  private readonly node = randomUUID() // an edge that is late has sent other clients to the relay than the first

  constructor(
    private readonly relays: readonly Relay[],
    private readonly feed: {
      environments: () => Iterable<Environment>
      expired: (from: number, to: number) => string[]
    },
    failed: (relay: string, error: unknown) => void,
  ) {
    this.outboxes = relays.map((relay) => new Outbox(relay, (error) => failed(relay.name, error)))
    if (relays.length > 0) this.timer = setInterval(() => this.look(), LOOK_MS).unref()
  }

  /** The answer that makes a relay hold the stream a request opens; null where it did not come through one. */
  hold(ask: Ask, key: Key, environment: Environment, lastId: string | undefined): Reply | null {
    const relay = this.relays.find((one) => one.carries(ask))
    if (!relay) return null
    const first = Buffer.concat([
      hello(environment, key.view, false, CROWD),
      opening(environment, key.view, lastId),
    ])
    const reply = relay.hold([channelOf(environment, key.view), channelOfKey(key.id)], first)
    return key.view === 'server' ? reply : { ...reply, headers: { ...reply.headers, ...corsFor(key, ask) } }
  }

  step(environment: Environment, step: Step): void {
    const { to } = step.patches.server
    this.tell(environment, to, (view) => {
      if (view !== 'residual') return patchFrame([step.patches[view]]) ?? resync(environment, view, CROWD)
      return step.residual.keys.length === 0 ? null : changed(environment, step.residual, CROWD)
    })
    this.told.set(environment, { at: now(), times: 0 })
  }

  reset(environment: Environment): void {
    this.tell(environment, `${environment.id} reset`, (view) =>
      view === 'residual' ? stateFrame(environment, view, CROWD) : resync(environment, view, CROWD),
    )
    this.told.set(environment, { at: now(), times: 0 })
  }

  revoked(keyIds: readonly string[]): void {
    const bytes = bye('revoked', CROWD)
    this.send(
      keyIds.map((id) => ({
        channel: channelOfKey(id),
        id: 'bye',
        hello: Buffer.alloc(0),
        bytes,
        closes: true,
      })),
    )
  }

  removed(environment: Environment): void {
    this.told.delete(environment)
    this.tell(environment, 'bye', () => bye('removed', CROWD), true)
  }

  async close(): Promise<void> {
    clearInterval(this.timer)
    await Promise.all(this.outboxes.map((outbox) => outbox.close()))
  }

  private look(): void {
    const moment = now()
    const expired = this.feed.expired(this.lookedAt, moment)
    this.lookedAt = moment
    if (expired.length > 0) this.revoked(expired)
    for (const environment of this.feed.environments()) {
      const told = this.told.get(environment)
      if (told && moment - told.at < (told.times > 0 ? REPEAT_MS : LOOK_MS)) continue
      const times = told?.times ?? 0
      this.tell(environment, `${environment.id} ${this.node} ${Math.min(times, SURE_AFTER)}`, (view) =>
        stateFrame(environment, view, CROWD),
      )
      this.told.set(environment, { at: moment, times: times + 1 })
    }
  }

  private tell(
    environment: Environment,
    id: string,
    bytesOf: (view: KeyView) => Buffer | null,
    closes = false,
  ): void {
    if (this.relays.length === 0) return
    this.send(
      keyViews.flatMap((view) => {
        const bytes = bytesOf(view)
        if (bytes === null) return []
        const channel = channelOf(environment, view)
        return [{ channel, id, hello: hello(environment, view, false, CROWD), bytes, closes }]
      }),
    )
  }

  private send(items: Parameters<Outbox['add']>[0]): void {
    if (items.length > 0) for (const outbox of this.outboxes) outbox.add(items)
  }
}

/** Installations that share a relay must not meet there, and nobody guesses a name. */
const named = (name: string) => `${secretFor('relay').toString('hex', 0, 8)}-${name}`
const channelOf = ({ dbId }: Environment, view: KeyView) => named(`${dbId}-${view}`)
const channelOfKey = (id: string) => named(`key-${id}`)
