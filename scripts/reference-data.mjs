import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where the public documents of others (OpenFeature, OFREP, flagd) are read from: beside this repository, never in it. */
export const REFERENCE_DATA = fileURLToPath(new URL('../../shared/data', import.meta.url))

export const SUITES_WITH_DATA = [
  'lib/delivery/ofrep/listeners.test.ts',
  'lib/delivery/ofrep/ofrep.test.ts',
  'lib/interop/flagd-export.test.ts',
  'lib/interop/flagd-versions.test.ts',
  'tests/conformance/gherkin/gherkin.test.ts',
  'tests/frameworks/flagd.test.ts',
  'tests/integration/flagd.test.ts',
  'tests/integration/ofrep-limits.test.ts',
  'tests/integration/ofrep.test.ts',
]

/** The suites that compare with these documents, and so are left out of a clone that has none beside it. */
export const suitesWithoutData = () => (existsSync(REFERENCE_DATA) ? [] : SUITES_WITH_DATA)
