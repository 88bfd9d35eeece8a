import { readFileSync } from 'node:fs'
import type { Flag, Serve } from '@/lib/evaluation'
import { importFlagd } from '@/lib/interop/flagd-import'
import type { ImportPlan } from '@/lib/interop/import-plan'
import { importLaunchDarkly } from '@/lib/interop/launchdarkly-import'
import { importUnleash } from '@/lib/interop/unleash-import'
import { loadRegex } from '@/lib/regex'
import { type Api, api, pathOf } from './api'
import { type Command, read, say, UsageError } from './command'

type Plan = Pick<ImportPlan, 'flags' | 'segments' | 'omitted' | 'inexact'> &
  Partial<Pick<ImportPlan, 'about'>>
type Source = { readonly name: string; readonly read: (documents: unknown[], environment: string) => Plan }

const has = (value: unknown, name: string) =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)

const flagd: Source = {
  name: 'a flagd definition',
  read: (documents) => importFlagd(documents[0]),
}
const unleash: Source = { name: 'an export of Unleash', read: (documents) => importUnleash(documents[0]) }
const launchDarkly: Source = { name: 'flags of LaunchDarkly', read: importLaunchDarkly }

/** Whose files these are, by what each of the three always has. */
function sourceOf(documents: unknown[]): Source {
  const [first] = documents
  const isLaunchDarkly = documents.some((each) => has(each, 'items') || has(each, 'variations'))
  const source = isLaunchDarkly ? launchDarkly : has(first, 'features') ? unleash : flagd
  if (source !== launchDarkly && documents.length > 1)
    throw new UsageError(`${source.name} is one file; only of LaunchDarkly there may be several`)
  return source
}

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
    const about = plan.about?.[key] ?? { name: key }
    await ask('POST', pathOf(project, 'flags'), { ...about, key, type, variants, offVariant })
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
    source: { type: 'string' },
    yes: { type: 'boolean', default: false },
    confirm: { type: 'string' },
  })
  if (positionals.length === 0) throw new UsageError('name the file, or files, to import')
  const { to: project, in: environment } = values
  if (project === undefined || environment === undefined)
    throw new UsageError('say where to, with --to <project> --in <environment>')
  const documents = positionals.map(readDefinition)
  const source = sourceOf(documents)
  await loadRegex() // a pattern that is none shall be told now, not amid the import
  const plan = source.read(documents, values.source ?? environment)
  say(`${positionals.join(', ')}: ${source.name}`)
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
  about: 'take over flags of LaunchDarkly, Unleash or flagd, after telling what would change',
  usage: `jackstaff import FILE... --to <project> --in <environment> [--source <environment>] [--yes] [--confirm <environment>]

  Asks the Jackstaff at PUBLIC_URL, with the API token in JACKSTAFF_TOKEN.
  FILE       a flagd definition, an export of Unleash, or what the REST API of LaunchDarkly answers for flags and segments
  --source   the environment of LaunchDarkly to read, where it has another name than that of --in
  --yes      import; without it, nothing is changed
  --confirm  the name once more, where the environment is protected and asks for it`,
  run,
}
