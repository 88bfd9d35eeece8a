import { getKill, killEverywhere, kill as killFlag, restoreKilled } from '@/lib/control/kill'
import { type Command, flagNamed, hostContext, read, say, UsageError } from './command'
import { withInstallation } from './installation'

// Straight against the database, by the same code as the API: for when nothing else answers.

const AS_IT_IS = { asItIs: true, existing: true }

async function runKill(args: string[]): Promise<number> {
  const { values, positionals } = read(args, {
    in: { type: 'string' },
    everywhere: { type: 'boolean', default: false },
    reason: { type: 'string' },
  })
  const flag = flagNamed(positionals)
  const { in: environment, everywhere, reason } = values
  if ((environment === undefined) !== everywhere)
    throw new UsageError('say where: either --in <environment> or --everywhere')
  if (!reason) throw new UsageError('say why, with --reason "…": the audit trail keeps it')
  return withInstallation(async () => {
    const ctx = hostContext('kill')
    const { versions = {} } =
      environment === undefined
        ? await killEverywhere.answer(ctx, { ...flag, reason })
        : await killFlag.answer(ctx, { ...flag, environment, reason })
    const published = Object.entries(versions).map(([place, id]) => `${place} at ${id}`)
    say(
      published.length === 0
        ? `${flag.flag} was killed already: nothing changed.`
        : `${flag.flag} is killed: ${published.join(', ')}. Every node hears of it within 250 ms.`,
    )
    return 0
  }, AS_IT_IS)
}

export const kill: Command = {
  about: 'kill a flag in the database itself, as the last resort when the dashboard is down',
  usage: 'jackstaff kill <project>/<flag> (--in <environment> | --everywhere) --reason "…"',
  run: runKill,
}

async function runUnkill(args: string[]): Promise<number> {
  const { values, positionals } = read(args, { in: { type: 'string' }, confirm: { type: 'string' } })
  const flag = flagNamed(positionals)
  const environment = values.in
  if (environment === undefined) throw new UsageError('say where, with --in <environment>')
  return withInstallation(async () => {
    const at = { ...flag, environment }
    const { id, reason } = await getKill(hostContext('unkill'), at)
    const confirmed = values.confirm === undefined ? {} : { confirm: values.confirm }
    await restoreKilled.answer({ ...hostContext('unkill'), ifMatch: [id] }, { ...at, ...confirmed })
    say(`${flag.flag} is back in ${environment}. It was killed because: ${reason}`)
    return 0
  }, AS_IT_IS)
}

export const unkill: Command = {
  about: 'lift a kill in the database itself',
  usage: `jackstaff unkill <project>/<flag> --in <environment> [--confirm <environment>]

  --confirm  the name once more, where the environment is protected and asks for it`,
  run: runUnkill,
}
