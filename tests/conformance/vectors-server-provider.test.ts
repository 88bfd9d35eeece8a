import {
  type Client,
  type EvaluationDetails,
  type FlagValue,
  type JsonValue,
  OpenFeature,
} from '@openfeature/server-sdk'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { JackstaffProvider } from '../../providers/server/src'
import { aConfig } from '../support/build-config'
import { freePort } from '../support/process'
import { ProtocolServer, SERVER_KEY } from '../support/protocol-server'
import { SetClock } from '../support/set-clock'
import { loadVectors, type VectorCase } from '../support/vectors'

const ANY_TIME = '2026-01-01T00:00:00Z'
const vectors = loadVectors()
const server = new ProtocolServer(aConfig(), await freePort())
const clock = new SetClock(Date.parse(ANY_TIME))
server.time = clock.wall
let answered = 0

beforeAll(() => server.start())
afterEach(() => OpenFeature.clearProviders())
afterAll(() => server.stop())

type Details = EvaluationDetails<FlagValue>

const ask: Record<VectorCase['type'], (client: Client, vector: VectorCase) => Promise<Details>> = {
  boolean: (client, { flag, default: d, context }) =>
    client.getBooleanDetails(flag, d as boolean, context as never),
  string: (client, { flag, default: d, context }) =>
    client.getStringDetails(flag, d as string, context as never),
  number: (client, { flag, default: d, context }) =>
    client.getNumberDetails(flag, d as number, context as never),
  object: (client, { flag, default: d, context }) =>
    client.getObjectDetails(flag, d as JsonValue, context as never),
}

describe('P27: the server provider, through the OpenFeature SDK', () => {
  it.each(vectors)('answers $file as the engine does', async ({ file, config, cases }) => {
    server.config = config
    await OpenFeature.setProviderAndWait(
      file,
      new JackstaffProvider({ url: server.url, key: SERVER_KEY }, clock),
    )
    const client = OpenFeature.getClient(file)
    for (const vector of cases) {
      clock.ms = Date.parse(vector.now ?? ANY_TIME)
      const { flagKey, errorMessage, flagMetadata, ...rest } = await ask[vector.type](client, vector)
      const answer = { ...rest, ...(vector.expect.flagMetadata && { flagMetadata }) }
      expect(answer, vector.description).toEqual(vector.expect)
      expect(flagKey).toBe(vector.flag)
      answered++
    }
  })

  it('has answered every case', () => {
    expect(answered).toBe(vectors.flatMap(({ cases }) => cases).length)
    expect(answered).toBeGreaterThan(600)
  })
})
