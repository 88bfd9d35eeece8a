import {
  type Client,
  type EvaluationDetails,
  type FlagValue,
  type JsonValue,
  OpenFeature,
} from '@openfeature/web-sdk'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { JackstaffWebProvider } from '../../providers/web/src'
import { aConfig } from '../support/build-config'
import { CLIENT_KEY, ProtocolServer } from '../support/protocol-server'
import { SetClock } from '../support/set-clock'
import { loadVectors, type VectorCase } from '../support/vectors'

const ANY_TIME = '2026-01-01T00:00:00Z'
const vectors = loadVectors()
/** A clock that is set does not wake the provider when a window opens: lib/evaluation/residual tries that file. */
const runs = vectors.flatMap((file) =>
  (['residual', 'full'] as const)
    .filter((mode) => mode === 'full' || file.file !== 'windows.json')
    .map((mode) => ({ ...file, mode })),
)
const server = new ProtocolServer(aConfig(), 7201)
const clock = new SetClock(Date.parse(ANY_TIME))
server.time = clock.wall
let answered = 0

beforeAll(() => server.start())
afterEach(() => OpenFeature.clearProviders())
afterAll(() => server.stop())

type Details = EvaluationDetails<FlagValue>

const ask: Record<VectorCase['type'], (client: Client, vector: VectorCase) => Details> = {
  boolean: (client, { flag, default: d }) => client.getBooleanDetails(flag, d as boolean),
  string: (client, { flag, default: d }) => client.getStringDetails(flag, d as string),
  number: (client, { flag, default: d }) => client.getNumberDetails(flag, d as number),
  object: (client, { flag, default: d }) => client.getObjectDetails(flag, d as JsonValue),
}

describe('the web provider, through the OpenFeature SDK', () => {
  it.each(runs)('answers $file as the engine does, mode $mode', async ({ file, config, cases, mode }) => {
    server.config = config
    const domain = `${file} ${mode}`
    await OpenFeature.setProviderAndWait(
      domain,
      new JackstaffWebProvider({ url: server.url, key: CLIENT_KEY, mode }, clock),
    )
    const client = OpenFeature.getClient(domain)
    for (const vector of cases) {
      clock.ms = Date.parse(vector.now ?? ANY_TIME)
      await OpenFeature.setContext(domain, vector.context as never)
      const { flagKey, errorMessage, flagMetadata, ...rest } = ask[vector.type](client, vector)
      const answer = { ...rest, ...(vector.expect.flagMetadata && { flagMetadata }) }
      expect(answer, vector.description).toEqual(vector.expect)
      expect(flagKey).toBe(vector.flag)
      answered++
    }
  })

  it('has answered every case', () => {
    expect(answered).toBe(runs.flatMap(({ cases }) => cases).length)
    expect(answered).toBeGreaterThan(1_200)
  })
})
