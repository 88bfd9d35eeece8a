import { hostname, userInfo } from 'node:os'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { type Ctx, systemContext } from '@/lib/control/context'

/** One verb. It resolves with an exit code: 0, or 1 where it found or met something wrong. */
export type Command = {
  about: string
  usage: string
  run(args: string[]): Promise<number>
}

/** What was typed cannot be meant: exit code 2. */
export class UsageError extends Error {}

export const say = (line: string) => process.stdout.write(`${line}\n`)

/** Options and words of a command line; what it does not know is named. */
export function read<T extends NonNullable<ParseArgsConfig['options']>>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

/** The one word that a command takes, such as the name of a file. */
export function only(positionals: readonly string[], what: string): string {
  if (positionals.length !== 1) throw new UsageError(`name ${what}, and nothing else`)
  return positionals[0]!
}

/** `shop/checkout` -> its two parts. */
export function flagNamed(positionals: readonly string[]): { project: string; flag: string } {
  const [project, flag, ...more] = only(positionals, 'the flag, as <project>/<flag>').split('/')
  if (!project || !flag || more.length > 0)
    throw new UsageError(`"${positionals[0]}": name the flag as <project>/<flag>, such as shop/new-checkout`)
  return { project, flag }
}

/** Whoever has the host acts as the system; the audit trail keeps who that was there. */
export function hostContext(command: string): Ctx {
  const userAgent = `jackstaff ${command} (${userInfo().username} on ${hostname()})`
  return { ...systemContext(crypto.randomUUID()), userAgent }
}
