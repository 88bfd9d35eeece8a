import { type Api, api, pathOf } from './api'
import { type Command, flagNamed, only, read, say, UsageError } from './command'

type Flag = {
  key: string
  name: string
  type: string
  environments: Record<string, { on: boolean; killed: boolean }>
}

const PAGE = 100

async function list(args: string[]): Promise<number> {
  const { values, positionals } = read(args, { json: { type: 'boolean', default: false } })
  const project = only(positionals, 'the project')
  const ask = api()
  const found: Flag[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const { body } = await ask('GET', `${pathOf(project, 'flags')}?limit=${PAGE}${after}`)
    found.push(...body.items)
    cursor = body.next
  }
  if (values.json) say(JSON.stringify(found))
  else for (const { key, type, name } of found) say(`${key}\t${type}\t${name}`)
  return 0
}

async function get(args: string[]): Promise<number> {
  const { values, positionals } = read(args, { in: { type: 'string' } })
  const { project, flag } = flagNamed(positionals)
  const place = values.in === undefined ? [] : ['environments', values.in]
  const { body } = await api()('GET', pathOf(project, 'flags', flag, ...place))
  say(JSON.stringify(body, null, 2))
  return 0
}

type Wanted = { on?: boolean; off?: boolean; serve?: string; confirm?: string }

async function publish(ask: Api, path: string, { on, off, serve, confirm }: Wanted): Promise<void> {
  const { body, etag } = await ask('GET', path)
  const { offVariant, prerequisites, targets, rules, fallthrough } = body
  const targeting = {
    on: on === true ? true : off === true ? false : body.on,
    offVariant,
    prerequisites,
    targets,
    rules,
    fallthrough: serve === undefined ? fallthrough : { variant: serve },
    ...(confirm !== undefined && { confirm }),
  }
  await ask('PUT', path, targeting, etag)
}

async function set(args: string[]): Promise<number> {
  const { values, positionals } = read(args, {
    in: { type: 'string' },
    on: { type: 'boolean' },
    off: { type: 'boolean' },
    serve: { type: 'string' },
    confirm: { type: 'string' },
  })
  const { project, flag } = flagNamed(positionals)
  if (values.in === undefined) throw new UsageError('say where, with --in <environment>')
  if (values.on && values.off) throw new UsageError('either --on or --off')
  if (!values.on && !values.off && values.serve === undefined)
    throw new UsageError('say what to set: --on, --off or --serve <variant>')
  await publish(api(), pathOf(project, 'flags', flag, 'environments', values.in), values)
  const says = [values.on && 'on', values.off && 'off', values.serve && `serving ${values.serve}`]
  say(`${flag} is ${says.filter(Boolean).join(', ')} in ${values.in}.`)
  return 0
}

const verbs: Readonly<Record<string, (args: string[]) => Promise<number>>> = { list, get, set }

export const flags: Command = {
  about: 'list, read and switch flags over the API',
  usage: `jackstaff flags list <project> [--json]
       jackstaff flags get <project>/<flag> [--in <environment>]
       jackstaff flags set <project>/<flag> --in <environment> [--on | --off] [--serve <variant>] [--confirm <environment>]

  Asks the Jackstaff at PUBLIC_URL, with the API token in JACKSTAFF_TOKEN.
  --serve    what everyone gets whom no target and no rule catches
  --confirm  the name once more, where the environment is protected and asks for it`,
  async run([verb, ...args]) {
    const known = Object.hasOwn(verbs, verb ?? '') ? verbs[verb!] : undefined
    if (!known) throw new UsageError(`flags ${verb ?? ''}: there are list, get and set`)
    return known(args)
  },
}
