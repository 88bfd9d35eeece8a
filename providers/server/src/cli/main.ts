import { CliError, USAGE } from './arguments'
import { types } from './types-command'

const FAILED = 2 // 1 says that a checked file is out of date

async function main([command, ...args]: readonly string[]): Promise<number> {
  if (command === undefined || command === '--help' || args.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  if (command === 'types') return types(args, process.env.JACKSTAFF_KEY)
  throw new CliError(`there is no command "${command}"\n\n${USAGE}`)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof CliError ? `jackstaff: ${error.message}` : error)
  process.exitCode = FAILED
}
