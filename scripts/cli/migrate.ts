import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { connect } from '@/db/client'
import { env } from '@/lib/env'
import { type Command, read, say, UsageError } from './command'
import { withInstallation } from './installation'

const ROLE_FILE = resolve(import.meta.dirname, '../deploy/postgres/edge-role.sql')
const SHORTEST = 16

/** The statements of deploy/postgres/edge-role.sql but for the one that makes the role, which may be there already. */
const grants = () =>
  readFileSync(ROLE_FILE, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('grant '))
    .join('\n')

async function giveEdgeRole(password: string): Promise<void> {
  const sql = connect(env.databaseUrl!, { max: 1 })
  try {
    await sql.begin(async (tx) => {
      const [there] = await tx`select 1 from pg_roles where rolname = 'jackstaff_edge'`
      const verb = there ? 'alter' : 'create'
      const [made] = await tx<{ text: string }[]>`
        select format(${`${verb} role jackstaff_edge login password %L`}, ${password}::text) as text`
      await tx.unsafe(made!.text)
      await tx.unsafe(grants())
      say(
        `The role jackstaff_edge ${there ? 'has that password now' : 'is made'}, and may do what an edge does.`,
      )
    })
  } finally {
    await sql.end({ timeout: 1 })
  }
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = read(args, { 'edge-role': { type: 'boolean', default: false } })
  if (positionals.length > 0) throw new UsageError(`migrate takes no "${positionals[0]}"`)
  const password = process.env.JACKSTAFF_EDGE_PASSWORD ?? ''
  if (values['edge-role'] && password.length < SHORTEST)
    throw new UsageError(
      `put the role's password, of at least ${SHORTEST} characters, into JACKSTAFF_EDGE_PASSWORD`,
    )
  return withInstallation(async () => {
    say('The schema is up to date.')
    if (values['edge-role']) await giveEdgeRole(password)
    return 0
  })
}

export const migrate: Command = {
  about: 'bring the schema up to date, as each start does; make the database role of edges',
  usage: `jackstaff migrate [--edge-role]

  --edge-role  also make jackstaff_edge, which can change no flag, with the password in JACKSTAFF_EDGE_PASSWORD`,
  run,
}
