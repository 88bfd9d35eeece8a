import { USAGE as TYPES_USAGE } from '../../providers/server/src/cli/arguments'
import { types } from '../../providers/server/src/cli/types-command'
import { backup, restore } from './backup'
import type { Command } from './command'
import { doctor } from './doctor'
import { flags } from './flags'
import { importFlags } from './import'
import { kill, unkill } from './kill'
import { migrate } from './migrate'
import { verify } from './verify'

/** By their names, in the order of the overview. */
export const commands: Readonly<Record<string, Command>> = {
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
