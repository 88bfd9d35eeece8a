import { provideTests } from '../../../lib/evaluation/residual/tests'

/** The whole evaluation engine, which most pages never need. */
export const loadEngine = () => import('./engine')

export async function loadTests(): Promise<void> {
  provideTests((await loadEngine()).prepareTest)
}
