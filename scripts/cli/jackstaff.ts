#!/usr/bin/env node
import { CliError, USAGE as TYPES_USAGE } from '../../providers/server/src/cli/arguments'
import { types } from '../../providers/server/src/cli/types-command'
import { backup, restore } from './backup'
import { type Command, UsageError } from './command'
import { doctor } from './doctor'
import { flags } from './flags'
import { importFlags } from './import'
import { messageOf } from './installation'
import { kill, unkill } from './kill'
import { migrate } from './migrate'
import { verify } from './verify'

const commands: Readonly<Record<string, Command>> = {
  doctor,
  migrate,
  backup,
  restore,
  verify,
  kill,
  unkill,
  flags,
  import: importFlags,
  types: {
    about: 'write a declaration file that knows the flags of an environment',
    usage: TYPES_USAGE.replace(/^Usage: /, ''),
    run: (args) => types(args, process.env.JACKSTAFF_KEY),
  },
}

const WRONG_USAGE = 2

const overview = () =>
  [
    'Usage: jackstaff <command> [--help]',
    '',
    ...Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(9)} ${about}`),
    '',
    'The commands that need the database take it from DATABASE_URL and JACKSTAFF_SECRET, or from JACKSTAFF_DATA_DIR.',
    'Exit codes: 0 it is done; 1 it failed, or found something wrong; 2 the command line is wrong.',
  ].join('\n')

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === 'help') {
    console.log(overview())
    return 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) {
    console.error(`jackstaff: there is no command "${name}"\n\n${overview()}`)
    return WRONG_USAGE
  }
  if (args.includes('--help')) {
    console.log(`${name}: ${command.about}\n\nUsage: ${command.usage}`)
    return 0
  }
  try {
    return await command.run(args)
  } catch (error) {
    const isWrongUsage = error instanceof UsageError || error instanceof CliError
    console.error(`jackstaff ${name}: ${messageOf(error)}`)
    if (error instanceof UsageError) console.error(`\nUsage: ${command.usage}`)
    return isWrongUsage ? WRONG_USAGE : 1
  }
}

process.exitCode = await main(process.argv.slice(2))
