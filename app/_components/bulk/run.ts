import { useSyncExternalStore } from 'react'
import { ApiError, api } from '@/lib/api-client'
import type { BulkOutcome } from '@/lib/control/views'
import { plural } from '@/lib/plural'
import { type BulkStep, type BulkWork, doing, told, undoing } from './work'

const AT_ONCE = 25 // flags a request: a second or two, so that the count moves
const TRIES = 4
const PAUSE_MS = 1_000

/** Something that is done with many flags. It goes on while people look at other pages. */
export type BulkRun = {
  project: string
  work: BulkWork
  isUndo: boolean
  steps: readonly BulkStep[]
  total: number
  outcomes: readonly BulkOutcome[]
  confirm: readonly string[]
  /** `stopping`: what was asked for last is still being done. */
  state: 'running' | 'stopping' | 'stopped' | 'done'
  /** Why it stopped by itself. */
  problem: string | null
}

const STORED = 'bulk-run'

/** What a page before this one in the tab was doing: whatever it had begun has stopped with it. */
function restored(): BulkRun | null {
  const text = typeof sessionStorage === 'undefined' ? null : sessionStorage.getItem(STORED)
  return text === null ? null : (JSON.parse(text) as BulkRun)
}

let current: BulkRun | null = restored()
const listeners = new Set<() => void>()

export const isUnderWay = (run: BulkRun | null) => run?.state === 'running' || run?.state === 'stopping'

/** The browser asks before it leaves what is under way. */
const warn = (event: BeforeUnloadEvent) => event.preventDefault()

/** Once it is over, or as far as it came when the page is left all the same. */
function store() {
  sessionStorage.removeItem(STORED)
  if (!current) return
  const run = isUnderWay(current) ? { ...current, state: 'stopped' } : current
  try {
    sessionStorage.setItem(STORED, JSON.stringify(run))
  } catch {
    // Too long for the browser to keep: it is told as long as the page is there.
  }
}

function set(run: BulkRun | null) {
  current = run
  const turn = isUnderWay(run) ? window.addEventListener : window.removeEventListener
  turn('beforeunload', warn)
  turn('pagehide', store)
  if (!isUnderWay(run)) store()
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Busy servers and lost connections pass: what was asked may be asked again, for it changes nothing twice. */
const passes = (error: unknown) =>
  error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500)

async function ask({ project, confirm }: BulkRun, { work, flags }: BulkStep) {
  for (let left = TRIES; ; left--)
    try {
      const body = { flags, do: work, ...(confirm.length > 0 && { confirm }) }
      return (await api.changeFlags({ project }, body)).value
    } catch (error) {
      if (left <= 1 || !passes(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
}

/** One request after the other, until nothing is left or somebody stops it. */
async function goOn() {
  try {
    while (current?.state === 'running') {
      const [step, ...later] = current.steps
      if (!step) return set({ ...current, state: 'done' })
      const flags = step.flags.slice(0, AT_ONCE)
      const { outcomes, left } = await ask(current, { ...step, flags })
      const rest = [...left, ...step.flags.slice(AT_ONCE)]
      set({
        ...current,
        outcomes: [...current.outcomes, ...outcomes],
        steps: rest.length > 0 ? [{ ...step, flags: rest }, ...later] : later,
      })
    }
    if (current) set({ ...current, state: 'stopped' })
  } catch (error) {
    if (current) set({ ...current, state: 'stopped', problem: (error as Error).message })
  }
}

function begin(run: Pick<BulkRun, 'project' | 'work' | 'steps' | 'confirm' | 'isUndo'>) {
  const total = run.steps.reduce((sum, { flags }) => sum + flags.length, 0)
  set({ ...run, total, outcomes: [], state: 'running', problem: null })
  void goOn()
}

export const bulk = {
  start: (project: string, work: BulkWork, flags: readonly string[], confirm: readonly string[]) =>
    begin({ project, work, steps: [{ work, flags }], confirm, isUndo: false }),
  stop: () => current && set({ ...current, state: 'stopping' }),
  resume() {
    if (!current) return
    set({ ...current, state: 'running', problem: null })
    void goOn()
  },
  undo({ project, work, outcomes, confirm }: BulkRun) {
    const steps = undoing(work, outcomes)
    begin({ project, work: steps[0]!.work, steps, confirm, isUndo: true })
  },
  close: () => set(null),
  isUnderWay: () => isUnderWay(current),
}

/** What is under way or was done last, in whichever project. */
export const useBulkRun = (): BulkRun | null =>
  useSyncExternalStore(
    subscribe,
    () => current,
    () => null,
  )

/** "Archiving: 412 of 1,000", and in the end what came of it. */
export function sayHowFar(run: BulkRun): string {
  const { work, outcomes, total, state } = run
  const done = outcomes.length.toLocaleString('en')
  if (isUnderWay(run)) return `${doing(work)}: ${done} of ${total.toLocaleString('en')}`
  return state === 'done' ? told(work, outcomes) : `Stopped after ${done} of ${plural(total, 'flag')}.`
}
