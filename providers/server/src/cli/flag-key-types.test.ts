import { describe, expect, it } from 'vitest'
import type { FlagType } from '../../../../lib/evaluation'
import { flagKeyTypes } from './flag-key-types'

const flags: [string, FlagType][] = [
  ['theme', 'string'],
  ['new-checkout', 'boolean'],
  ['beta', 'boolean'],
  ['Zoo', 'boolean'],
]

describe('the declarations of flag keys', () => {
  it('are one union for each type, sorted, and never where there is no flag', () => {
    expect(flagKeyTypes('shop/production', new Map(flags), 'server')).toBe(
      `// Keys of the flags of shop/production, for @openfeature/server-sdk. Written by \`jackstaff types\`: do not edit.
// It replaces types of OpenFeature, which TypeScript allows with "skipLibCheck": true.
export {}

declare module '@openfeature/core' {
  export type BooleanFlagKey =
    | 'Zoo'
    | 'beta'
    | 'new-checkout'
  export type StringFlagKey =
    | 'theme'
  export type NumberFlagKey = never
  export type ObjectFlagKey = never
}
`,
    )
  })

  it('are the same in whatever order the flags come', () => {
    const [one, other] = [flags, flags.toReversed()].map((some) => flagKeyTypes('a/b', new Map(some), 'web'))
    expect(other).toBe(one)
  })

  it.each(["it's", '"', '\\', '\n', '\u2028', 'é', '$`'])('have the key %j as it is', (key) => {
    const [, literal] = /\| (.*)\n/.exec(flagKeyTypes('a/b', new Map([[key, 'number']]), 'react'))!
    expect(literal!.startsWith("'")).toBe(true)
    // biome-ignore lint/security/noGlobalEval: what it means as source text is the question
    expect(eval(literal!)).toBe(key)
  })
})
