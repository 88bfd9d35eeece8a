#!/usr/bin/env node
import { CliError } from '../../providers/server/src/cli/arguments'
import { UsageError } from './command'
import { commands } from './commands'
import { messageOf } from './installation'

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
