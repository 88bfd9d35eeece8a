import { parseArgs } from 'node:util'
import { isSdk, type Sdk } from './flag-key-types'

/** Said to the person at the terminal, without a stack. */
export class CliError extends Error {}

export const USAGE = `Usage: jackstaff types [--url URL | --config FILE] [--out FILE] [--check] [--sdk server|web|react]

Writes a declaration file after which TypeScript knows the flags of an environment by key and type.

  --url URL      of the Jackstaff server; the environment is that of the key in JACKSTAFF_KEY
  --config FILE  the body of GET /config, instead of asking a server
  --out FILE     where to write; without it, the declarations are printed
  --check        write nothing; end with 1 where FILE is not what would be written
  --sdk NAME     the OpenFeature SDK of the application, default server; web and react take a client key, which
                 knows only the flags that are available to browsers`

export type TypesArguments = {
  readonly from: { readonly url: string; readonly key: string } | { readonly file: string }
  readonly out: string | undefined
  readonly check: boolean
  readonly sdk: Sdk
}

const KEYS = { server: 'jks_srv_', web: 'jks_cli_', react: 'jks_cli_' } as const satisfies Record<Sdk, string>

/** @throws CliError with what is wrong and what to do */
export function readArguments(args: readonly string[], key: string | undefined): TypesArguments {
  const { url, config: file, out, check, sdk } = parsed(args)
  if (!isSdk(sdk)) throw new CliError(`--sdk ${sdk}: there is no such SDK; there are server, web and react`)
  if (check && out === undefined) throw new CliError('--check needs --out: the file to compare with')
  if ((url === undefined) === (file === undefined))
    throw new CliError('say where the flags come from: either --url or --config')
  if (file !== undefined) return { from: { file }, out, check, sdk }
  if (!URL.canParse(url!))
    throw new CliError(`--url ${url}: not an absolute URL, such as https://flags.example.com`)
  if (!key) throw new CliError('put the SDK key of the environment into JACKSTAFF_KEY')
  if (!key.startsWith(KEYS[sdk]))
    throw new CliError(`JACKSTAFF_KEY: --sdk ${sdk} takes a key that begins with ${KEYS[sdk]}`)
  return { from: { url: url!, key }, out, check, sdk }
}

function parsed(args: readonly string[]) {
  if (args.some((arg) => /^--key\b/.test(arg)))
    throw new CliError('a key on the command line can be read by others on this machine: use JACKSTAFF_KEY')
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        url: { type: 'string' },
        config: { type: 'string' },
        out: { type: 'string' },
        check: { type: 'boolean', default: false },
        sdk: { type: 'string', default: 'server' },
      },
    })
    return values
  } catch (error) {
    throw new CliError(`${(error as Error).message}\n\n${USAGE}`)
  }
}
