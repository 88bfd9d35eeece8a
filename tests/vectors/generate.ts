/**
 * Writes the vectors that have a table or an independent hash behind them; the others are written by hand. Run from
 * the root:
 *
 *     npx esbuild tests/vectors/generate.ts --bundle --packages=external --platform=node --format=esm |
 *       node --input-type=module
 *
 * The output depends on nothing but this code; lib/evaluation/vectors.test.ts holds the files to it.
 */
import { writeFileSync } from 'node:fs'
import type { Vectors } from '../support/vectors'
import { operatorVectors } from './operator-vectors'
import { rolloutVectors } from './rollout-vectors'

for (const [name, vectors] of [...rolloutVectors, ...operatorVectors])
  writeFileSync(`tests/vectors/${name}.json`, format(vectors))

/** One flag or case a line, so that a change shows as the lines it changes. */
function format({ config, cases }: Vectors): string {
  const flags = Object.entries(config.flags).map(
    ([key, flag]) => `${JSON.stringify(key)}: ${JSON.stringify(flag)}`,
  )
  const { flags: _, ...rest } = config
  const envelope = Object.entries(rest).map(
    ([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  )
  return [
    '{',
    '  "config": {',
    `${envelope.join(',\n')},`,
    '    "flags": {',
    flags.map((line) => `      ${line}`).join(',\n'),
    '    }',
    '  },',
    '  "cases": [',
    cases.map((line) => `    ${JSON.stringify(line)}`).join(',\n'),
    '  ]',
    '}',
    '',
  ].join('\n')
}
