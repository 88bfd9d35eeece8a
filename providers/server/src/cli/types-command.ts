import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf } from '../../../sync/endpoint'
import { CliError, readArguments } from './arguments'
import { flagKeyTypes } from './flag-key-types'
import { readFlags } from './read-flags'

/** Resolves with the exit code: 0, or 1 where a file that was to be checked is out of date. */
export async function types(args: readonly string[], key: string | undefined): Promise<number> {
  const { from, out, check, sdk } = readArguments(args, key)
  const { flagSetId, flags } = await readFlags(from)
  const wanted = flagKeyTypes(flagSetId, flags, sdk)
  if (out === undefined) {
    process.stdout.write(wanted)
    return 0
  }
  const found = existsSync(out) ? readFileSync(out, 'utf8') : ''
  const flagsOf = `the ${flags.size} flags of ${flagSetId}`
  if (found === wanted) console.log(`${out} has ${flagsOf}`)
  else if (check) return outOfDate(out, found, wanted)
  else {
    write(out, wanted)
    console.log(`${out} now has ${flagsOf}`)
  }
  return 0
}

function outOfDate(out: string, found: string, wanted: string): number {
  const [had, has] = [found, wanted].map((text) => new Set(text.split('\n')))
  const changes = [
    ...[...had!].filter((line) => !has!.has(line)).map((line) => `- ${line.trim()}`),
    ...[...has!].filter((line) => !had!.has(line)).map((line) => `+ ${line.trim()}`),
  ]
  console.error([`${out} is out of date: run jackstaff types without --check`, ...changes].join('\n'))
  return 1
}

function write(out: string, text: string): void {
  try {
    mkdirSync(dirname(out), { recursive: true })
    writeFileSync(out, text)
  } catch (error) {
    throw new CliError(messageOf(error))
  }
}
