import { readFileSync } from 'node:fs'
import type { Flag, Serve } from '@/lib/evaluation'
import { importFlagd } from '@/lib/interop/flagd-import'
import { type Api, api, pathOf } from './api'
import { type Command, only, read, say, UsageError } from './command'

type Plan = ReturnType<typeof importFlagd>

function readDefinition(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file} cannot be read as JSON: ${(error as Error).message}`)
  }
}

/** A rollout keeps its buckets although the flag it comes to has a salt of its own. */
function salted(serve: Serve, salt: string, key: string): Serve {
  if ('variant' in serve || salt === key) return serve
  return { rollout: { salt, ...serve.rollout } }
}

function targetingOf(
  key: string,
  { on, offVariant, prerequisites, targets, rules, fallthrough, salt }: Flag,
) {
  return {
    on,
    offVariant,
    prerequisites,
    targets,
    rules: rules.map((rule) => ({ ...rule, serve: salted(rule.serve, salt, key) })),
    fallthrough: salted(fallthrough, salt, key),
  }
}

function tell({ flags, segments, omitted, inexact }: Plan, project: string, environment: string): void {
  for (const key of Object.keys(segments)) say(`+ segment ${key}`)
  for (const [key, flag] of Object.entries(flags))
    say(
      `+ flag ${key}, ${flag.type}, ${flag.on ? 'on' : 'off'} in ${environment}, rules: ${flag.rules.length}`,
    )
  for (const { path, reason } of inexact) say(`~ ${path}: ${reason}`)
  for (const { path, reason } of omitted) say(`- left out ${path}: ${reason}`)
  const counts = `${Object.keys(flags).length} flags and ${Object.keys(segments).length} segments`
  say(
    `${counts} would come to ${project}; left out: ${omitted.length}, not quite the same: ${inexact.length}.`,
  )
}

async function taken(ask: Api, project: string, keys: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    keys.map((key) =>
      ask('GET', pathOf(project, 'flags', key)).then(
        () => key,
        () => null,
      ),
    ),
  )
  return found.filter((key) => key !== null)
}

/** Prerequisites come first: a flag may name only what is there. */
function inOrder(flags: Plan['flags']): [string, Flag][] {
  const done = new Map<string, Flag>()
  const take = (key: string) => {
    const flag = flags[key]
    if (!flag || done.has(key)) return
    for (const { flag: needed } of flag.prerequisites) take(needed)
    done.set(key, flag)
  }
  for (const key of Object.keys(flags)) take(key)
  return [...done]
}

async function carryOut(
  ask: Api,
  plan: Plan,
  project: string,
  environment: string,
  confirm?: string,
): Promise<void> {
  for (const [key, segment] of Object.entries(plan.segments))
    await ask('POST', pathOf(project, 'segments'), { key, name: key, ...segment })
  for (const [key, flag] of inOrder(plan.flags)) {
    const { type, variants, offVariant } = flag
    await ask('POST', pathOf(project, 'flags'), { key, name: key, type, variants, offVariant })
    const path = pathOf(project, 'flags', key, 'environments', environment)
    const { etag } = await ask('GET', path)
    await ask('PUT', path, { ...targetingOf(key, flag), ...(confirm !== undefined && { confirm }) }, etag)
    say(`${key}: imported`)
  }
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = read(args, {
    to: { type: 'string' },
    in: { type: 'string' },
    yes: { type: 'boolean', default: false },
    confirm: { type: 'string' },
  })
  const file = only(positionals, 'the file with the definition')
  const { to: project, in: environment } = values
  if (project === undefined || environment === undefined)
    throw new UsageError('say where to, with --to <project> --in <environment>')
  const plan = importFlagd(readDefinition(file))
  tell(plan, project, environment)
  const ask = api()
  const there = await taken(ask, project, Object.keys(plan.flags))
  if (there.length > 0)
    throw new Error(
      `${project} has ${there.join(', ')} already: nothing was imported; archive or rename them first`,
    )
  if (!values.yes) {
    say('Nothing was changed. Run it once more with --yes to import.')
    return 0
  }
  await carryOut(ask, plan, project, environment, values.confirm)
  return 0
}

export const importFlags: Command = {
  about: 'take over flags of a flagd definition, after telling what would change',
  usage: `jackstaff import FILE --to <project> --in <environment> [--yes] [--confirm <environment>]

  Asks the Jackstaff at PUBLIC_URL, with the API token in JACKSTAFF_TOKEN.
  --yes      import; without it, nothing is changed
  --confirm  the name once more, where the environment is protected and asks for it`,
  run,
}
