import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isValid } from './draft-07'

const read = (file: string) =>
  JSON.parse(
    readFileSync(
      fileURLToPath(new URL(`../../../shared/data/flagd-schema/${file}`, import.meta.url)),
      'utf8',
    ),
  )
const documents = { 'flags.json': read('flags.json'), 'targeting.json': read('targeting.json') }

/** Whether a flag definition keeps to flagd's published schema, v0. */
export function isFlagdDefinition(definition: unknown): boolean {
  return isValid(documents, 'flags.json', definition)
}
