import { provideRegex } from './evaluation/regex'

let loading: Promise<void> | null = null

/** Gives the evaluation engine its regular expressions, once. What rejects may be tried again. */
export function loadRegex(): Promise<void> {
  loading ??= import('./re2').then(
    ({ re2 }) => provideRegex(re2),
    (error) => {
      loading = null
      throw error
    },
  )
  return loading
}
