import { setTimeout as sleep } from 'node:timers/promises'
import { type Api, apiOf } from './api'
import { shareOf } from './dataset'
import type { Handlers } from './worker'

// What else goes on while something is measured: people who edit, a segment that changes, flags that are archived.

export type Load =
  /** Each of so many editors publishes one flag of an environment without pause; `flags` has one each. */
  | { kind: 'edit'; project: string; environment: string; flags: readonly string[] }
  /** One editor changes a segment without pause. */
  | { kind: 'segment'; project: string; segment: string }
  /** So many requests at once archive these flags, each flag once. */
  | { kind: 'archive'; project: string; flags: readonly string[]; atOnce: number }

export type Done = { done: number; refused: number; seconds: number }

const REFUSED_MS = 50 // a client that is refused waits, if not long

let running = false
let lanes: Promise<unknown>[] = []
let startedAt = 0
let done = 0
let refused = 0

async function counted(answer: Promise<{ status: number; etag: string }>): Promise<string> {
  const { status, etag } = await answer.catch(() => ({ status: 0, etag: '' }))
  if (status >= 200 && status < 300) done++
  else {
    refused++
    await sleep(REFUSED_MS)
  }
  return etag
}

async function edit(api: Api, path: string): Promise<void> {
  for (let share = 0; running; share = (share + 1_000) % 100_000) {
    const { etag } = await api('GET', path).catch(() => ({ etag: '' }))
    const targeting = { on: true, offVariant: 'off', fallthrough: shareOf(share) }
    await counted(api('PUT', path, targeting, etag))
  }
}

async function changeSegment(api: Api, path: string): Promise<void> {
  for (let i = 0; running; i++) {
    const { etag } = await api('GET', path)
    await counted(api('PUT', path, { name: 'Beta', included: [`tester-${i}`] }, etag))
  }
}

async function archive(api: Api, project: string, flags: string[]): Promise<void> {
  for (let flag = flags.pop(); running && flag !== undefined; flag = flags.pop())
    await counted(api('DELETE', `/projects/${project}/flags/${flag}`))
}

function lanesOf(api: Api, load: Load): Promise<void>[] {
  const base = `/projects/${load.project}`
  if (load.kind === 'edit')
    return load.flags.map((flag) => edit(api, `${base}/flags/${flag}/environments/${load.environment}`))
  if (load.kind === 'segment') return [changeSegment(api, `${base}/segments/${load.segment}`)]
  const left = [...load.flags]
  return Array.from({ length: load.atOnce }, () => archive(api, load.project, left))
}

export const loads = {
  begin: ({ url, token, load }: { url: string; token: string; load: Load }): void => {
    running = true
    done = 0
    refused = 0
    startedAt = performance.now()
    lanes = lanesOf(apiOf(url, token), load)
  },
  finish: async (): Promise<Done> => {
    const seconds = (performance.now() - startedAt) / 1_000
    const said = { done, refused, seconds }
    running = false
    await Promise.all(lanes)
    return said
  },
} satisfies Handlers

export type Loads = typeof loads
