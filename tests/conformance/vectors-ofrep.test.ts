import { createServer, type Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { closeDatabase, connect } from '@/db/client'
import { toldTime } from '@/lib/delivery/clock'
import { type Delivery, startDelivery } from '@/lib/delivery/server'
import { provide } from '@/lib/env'
import { hashSecret } from '@/lib/secrets'
import { newToken } from '@/lib/token'
import { freshDatabase, type TestDatabase } from '../support/database'
import { freePort } from '../support/process'
import { publishConfig } from '../support/publish-config'
import { loadVectors, type VectorCase } from '../support/vectors'

const ANY_TIME = '2026-01-01T00:00:00Z'
const ONE_MORE_LOOK_MS = 1_000 // that a node had planned
const vectors = loadVectors()
const keys = new Map<string, string>()
let database: TestDatabase
let delivery: Delivery
let server: Server
let url: string
let answered = 0

/** A server key of an environment, written as creating one does. */
async function keyFor(flagSetId: string): Promise<string> {
  const { id, token } = newToken('srv')
  const sql = connect(database.url, { max: 1 })
  await sql`
    insert into sdk_key (id, environment_id, kind, name, hash, created_by)
    select ${id}, e.id, 'server', 'vectors', ${hashSecret(token)}, '{}'::json
    from environment e join project p on p.id = e.project_id
    where p.key || '/' || e.key = ${flagSetId}`
  await sql.end()
  return token
}

beforeAll(async () => {
  database = await freshDatabase()
  provide('DATABASE_URL', database.url)
  provide('JACKSTAFF_SECRET', 'x'.repeat(32))
  for (const { config } of vectors) {
    await publishConfig(database.url, config)
    keys.set(config.flagSetId, await keyFor(config.flagSetId))
  }
  delivery = await startDelivery()
  // Time stands still, and nobody asks Postgres for it again: a node decides by the time that it was told last.
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] })
  await sleep(ONE_MORE_LOOK_MS)
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  server = createServer((request, response) => void delivery.handle(request, response))
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
})

afterAll(async () => {
  vi.useRealTimers()
  server.closeAllConnections()
  server.close()
  await delivery.close()
  await closeDatabase()
  await database.drop()
})

async function ask({ flag, context }: VectorCase, key: string) {
  const response = await fetch(`${url}/ofrep/v1/evaluate/flags/${encodeURIComponent(flag)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ context }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

/** The requested type stays with the caller: over the wire such a flag is answered as it is. */
const isTypesAffair = ({ expect: { errorCode } }: VectorCase) => errorCode === 'TYPE_MISMATCH'

describe('OFREP over HTTP', () => {
  it.each(vectors)('answers $file as the engine does', async ({ config, cases }) => {
    const key = keys.get(config.flagSetId)!
    for (const vector of cases) {
      const { description, flag, now, expect: expected } = vector
      toldTime(Date.parse(now ?? ANY_TIME), performance.now())
      const { status, body } = await ask(vector, key)
      answered++
      if (isTypesAffair(vector)) {
        expect([200, 400], description).toContain(status)
        expect(body.errorCode, description).not.toBe('TYPE_MISMATCH')
        continue
      }
      if (expected.reason === 'ERROR') {
        expect(status, description).toBe(expected.errorCode === 'FLAG_NOT_FOUND' ? 404 : 400)
        expect(body, description).toEqual({
          key: flag,
          errorCode: expected.errorCode,
          errorDetails: expect.any(String),
          metadata: expected.flagMetadata ?? expect.any(Object),
        })
        continue
      }
      expect(status, description).toBe(200)
      const { value, variant, reason } = expected
      const served = variant === undefined ? {} : { value, variant }
      expect(body, description).toEqual({
        key: flag,
        reason,
        ...served,
        metadata: expected.flagMetadata ?? expect.any(Object),
      })
    }
  })

  it('has answered every case', () => {
    const cases = vectors.flatMap((file) => file.cases)
    expect(answered).toBe(cases.length)
    expect(cases.filter(isTypesAffair).length).toBeLessThan(cases.length / 10)
  })
})
