import { closeDatabase } from '@/db/client'
import { env } from '@/lib/env'
import { type Command, read, say, UsageError } from './command'
import { checkAddress, checkStream } from './doctor-address'
import { checkClock, checkDatabase, checkRedis, checkSecret } from './doctor-parts'
import { type Finding, wrong } from './finding'
import { messageOf, withInstallation } from './installation'

const MARKS = { good: '  ok  ', wrong: ' WRONG', skipped: '   -  ' } as const

async function told(name: string, check: () => Promise<Finding>): Promise<boolean> {
  const { standing, words } = await check().catch((error) => wrong(messageOf(error)))
  say(`${MARKS[standing]}  ${name}: ${words}`)
  return standing !== 'wrong'
}

/** What needs no database comes first: where there is none, the rest is still told. */
async function examine(): Promise<number> {
  const outside = {
    [`address ${env.publicUrl}`]: checkAddress,
    streams: checkStream,
    Redis: checkRedis,
  }
  const inside = { database: checkDatabase, clock: checkClock, secret: checkSecret }
  let isWell = true
  for (const [name, check] of Object.entries(outside)) isWell = (await told(name, check)) && isWell
  const all = async () => {
    for (const [name, check] of Object.entries(inside)) isWell = (await told(name, check)) && isWell
  }
  const isReached = await withInstallation(all, { asItIs: true, existing: true }).then(
    () => true,
    (error) => told('database', () => Promise.reject(error)),
  )
  await closeDatabase()
  say(isWell && isReached ? 'Nothing is wrong.' : 'Something is wrong: see above.')
  return isWell && isReached ? 0 : 1
}

export const doctor: Command = {
  about: 'look at database, clock, Redis, address and streams, and say what is wrong with them',
  usage: `jackstaff doctor

  Set JACKSTAFF_KEY to a server key, and a stream is opened through PUBLIC_URL as an application would: proxies that
  hold events back are found so.`,
  run(args) {
    const { positionals } = read(args, {})
    if (positionals.length > 0) throw new UsageError(`doctor takes no "${positionals[0]}"`)
    return examine()
  },
}
