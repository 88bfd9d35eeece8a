import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EMPTY } from '@/db/config-log'
import { log } from '@/lib/log'
import { serving } from '../../../tests/support/configs'
import { isOfrep } from '../../../tests/support/ofrep-schema'
import type { Ask } from '../answer'
import { Environment } from '../environment'
import type { Key } from '../keys'
import { OFREP_ALL, Ofrep } from './ofrep'

const FLAGS = 1_000
const names = Array.from({ length: FLAGS }, (_, i) => `flag-${i}`)
const state = { ...EMPTY, epoch: 1, version: 1, hash: '0'.repeat(64), killedAt: '1.1.00000000' }
const flags = Object.fromEntries(names.map((name) => [name, serving(name)]))
const environment = new Environment(1, 'shop/production', { ...state, flags })
const keyed = (id: string): Key => ({
  id,
  environmentId: 1,
  view: 'server',
  hash: '',
  origins: [],
  expiresAt: Infinity,
})

const ask = (path: string): Ask => ({
  method: 'POST',
  path,
  query: new URLSearchParams(),
  header: () => undefined,
  client: () => '',
  text: async () => '{"context":{}}',
})
const one = ask(`${OFREP_ALL}/flag-1`)

let ofrep: Ofrep
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
  ofrep = new Ofrep(
    async () => {},
    () => {},
  )
})
afterEach(() => {
  ofrep.listeners.close()
  vi.useRealTimers()
})

/** How many requests in a row are answered. */
async function answered(again: () => Promise<{ status: number }>): Promise<number> {
  for (let count = 0; ; count++) if ((await again()).status !== 200) return count
}

describe('a request that fails on our side', () => {
  it('is answered with 500 in the words of OFREP', async () => {
    const logged = vi.spyOn(log, 'error').mockReturnValue(undefined)
    const broken = { ...one, text: () => Promise.reject(new Error('the body broke off')) }
    const key = keyed('srv_1')
    const answers = [
      await ofrep.one(broken, { key, environment }),
      await ofrep.all({ ...broken, path: OFREP_ALL }, { key, environment }),
    ]
    for (const { status, body } of answers) {
      expect([status, isOfrep('generalErrorResponse', JSON.parse(String(body)))]).toEqual([500, true])
      expect(body).not.toContain('broke off')
    }
    expect(logged.mock.calls.length).toBe(answers.length)
    logged.mockRestore()
  })
})

describe('a key that asks without end', () => {
  const key = keyed('srv_1')

  it('is answered 10,000 times, then told to wait in the words of OFREP, and no other key is', async () => {
    expect(await answered(() => ofrep.one(one, { key, environment }))).toBe(10_000)
    const { status, headers, body } = await ofrep.one(one, { key, environment })
    expect([status, headers['Retry-After']]).toEqual([429, '1'])
    const failure = JSON.parse(String(body))
    expect(failure).toMatchObject({ key: 'flag-1', errorCode: 'GENERAL' })
    expect(isOfrep('evaluationFailure', failure)).toBe(true)

    const all = await ofrep.all(ask(OFREP_ALL), { key, environment })
    expect(all.status).toBe(429)
    expect(isOfrep('bulkEvaluationFailure', JSON.parse(String(all.body)))).toBe(true)
    expect((await ofrep.one(one, { key: keyed('srv_2'), environment })).status).toBe(200)
  })

  it('is answered 2,000 times a second from then on', async () => {
    await answered(() => ofrep.one(one, { key, environment }))
    vi.advanceTimersByTime(1_000)
    expect(await answered(() => ofrep.one(one, { key, environment }))).toBe(2_000)
  })

  it('pays for a thousand flags at once what eleven single ones cost', async () => {
    expect(await answered(() => ofrep.all(ask(OFREP_ALL), { key, environment }))).toBe(
      Math.floor(10_000 / (1 + FLAGS / 100)),
    )
  })
})
