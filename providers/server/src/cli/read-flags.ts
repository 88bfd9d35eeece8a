import { readFileSync } from 'node:fs'
import { type FlagType, parseConfig } from '../../../../lib/evaluation'
import { systemClock } from '../../../sync/clock'
import { endpointAt, messageOf } from '../../../sync/endpoint'
import { fetchConfig } from '../../../sync/requests'
import { version } from '../../package.json'
import { CliError, type TypesArguments } from './arguments'
import type { FlagTypes } from './flag-key-types'

const TYPES: readonly FlagType[] = ['boolean', 'string', 'number', 'object']

/**
 * The flags of an environment and their types. A flag of a type that this version does not know is left out.
 * @throws CliError where there is no config to be had
 */
export async function readFlags(
  from: TypesArguments['from'],
): Promise<{ flagSetId: string; flags: FlagTypes }> {
  const result = parseConfig('file' in from ? readConfig(from.file) : await askForConfig(from))
  if (!result.ok) throw new CliError(`that is no config: ${result.error}`)
  const { flagSetId, flags } = result.config
  const types = flags.keys().map((key) => [key, flags.get(key)!.type ?? 'boolean'] as const)
  return { flagSetId, flags: new Map(types.filter(([, type]) => TYPES.includes(type))) }
}

function readConfig(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new CliError(messageOf(error))
  }
}

async function askForConfig({ url, key }: { url: string; key: string }): Promise<string> {
  const client = `openfeature-server/${version}`
  const secret = key.startsWith('jks_srv_')
  const fetched = await fetchConfig(
    {
      endpoint: endpointAt({
        url,
        headers: secret ? { Authorization: `Bearer ${key}`, 'Jackstaff-Client': client } : {},
        query: secret ? {} : { key, client },
        cache: 'no-store',
        fetch,
      }),
      clock: systemClock,
      abort: new AbortController(),
      min: null,
    },
    null,
    async () => {},
  )
  if (fetched.kind === 'config') return fetched.config
  throw new CliError(
    `${url}: ${'message' in fetched ? fetched.message : 'the server answered without a config'}`,
  )
}
