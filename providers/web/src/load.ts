import { provideTests } from '../../../lib/evaluation/residual/tests'
import type { Cancel, Clock } from '../../sync/clock'
import { messageOf } from '../../sync/endpoint'
import { importAgain } from './import-again'

const LONGEST_MS = 30_000

/** The whole evaluation engine, which most pages never need. */
export const loadEngine = () => import('./engine')

/** What keeps flags true after the first answer. */
export const loadLive = () => import('./live')

export async function loadTests(): Promise<void> {
  provideTests((await loadEngine()).prepareTest)
}

/** Loads until it is there, with `failed` told each time that it is not. The returned function gives up. */
export function persist<T>(
  clock: Clock,
  load: () => Promise<T>,
  loaded: (module: T) => void,
  failed: (problem: string) => void,
): Cancel {
  let attempts = 0
  let cancel: Cancel | null = () => {}
  const attempt = (loading: Promise<T>) =>
    void loading.then(
      (module) => cancel && loaded(module),
      (error: unknown) => {
        if (!cancel) return
        cancel = clock.after(clock.random() * Math.min(LONGEST_MS, 1_000 * 2 ** attempts), () =>
          attempt(importAgain<T>(error, ++attempts) ?? load()),
        )
        failed(messageOf(error))
      },
    )
  attempt(load())
  return () => {
    cancel?.()
    cancel = null
  }
}
