import { setTimeout as sleep } from 'node:timers/promises'
import { bearer, must } from './api'
import { now } from './clock'
import { keyOf, shareOf } from './dataset'
import { never, type Summary, summaryOf } from './figures'
import type { Heard } from './reader-process'
import { ENVIRONMENT, PROJECT, type Stand } from './stand'

const EDITED = keyOf(1)
export const pathOf = (flag: string): string =>
  `/projects/${PROJECT}/flags/${flag}/environments/${ENVIRONMENT}`

export type Sent = { version: number; sentAt: number }

/** The id of the config that is served now. */
export async function configId({ serverKey }: Stand, url: string): Promise<string> {
  const response = await fetch(`${url}/config`, { headers: bearer(serverKey) })
  await response.arrayBuffer()
  return /^"([\w.]+)-/.exec(response.headers.get('etag')!)![1]!
}

export const versionOf = (id: string): number => Number(id.split('.')[1])

const targeting = (share: number) => ({ on: true, offVariant: 'off', fallthrough: shareOf(share) })
let share = 0

/** Moves one flag's share; that is one publish. */
export async function publishOnce({ api }: Stand): Promise<void> {
  const { etag } = await api('GET', pathOf(EDITED))
  share = (share + 1_000) % 100_000
  await must(api('PUT', pathOf(EDITED), targeting(share), etag))
}

/** Publishes so often, at a pace; with when each was sent and the version that it made. */
export async function publishSteadily(stand: Stand, count: number, everyMs: number): Promise<Sent[]> {
  const first = versionOf(await configId(stand, stand.product.url)) + 1
  let { etag } = await stand.api('GET', pathOf(EDITED))
  const sent: Sent[] = []
  for (let i = 0; i < count; i++) {
    share = (share + 1_000) % 100_000
    const sentAt = now()
    etag = (await must(stand.api('PUT', pathOf(EDITED), targeting(share), etag))).etag
    sent.push({ version: first + i, sentAt })
    await sleep(Math.max(0, everyMs - (now() - sentAt)))
  }
  return sent
}

export type Reach = { latency: Summary; delivered: number; lost: number }

/** From sending each change to each stream that heard of it; `streams` should have. */
export function reachOf(sent: readonly Sent[], heard: readonly Heard[], streams: number): Reach {
  const times: number[] = []
  for (const { version, sentAt } of sent)
    for (const { arrivals } of heard) for (const at of arrivals.get(version) ?? []) times.push(at - sentAt)
  const wanted = sent.length * streams
  const lost = wanted - times.length
  return { latency: summaryOf([...times, ...never(lost)]), delivered: times.length / wanted, lost }
}
