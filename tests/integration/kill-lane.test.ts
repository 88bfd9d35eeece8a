import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect } from '@/db/client'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'

const PUBLISH_GATE = 7_235_902 // lib/control/locks.ts

let jackstaff: Jackstaff
beforeAll(async () => {
  jackstaff = await startJackstaff()
  await seedShop(jackstaff)
})
afterAll(() => jackstaff?.stop())

/** Stands at the gate of every environment, as an editor does who is never done. */
async function holdGates(): Promise<() => Promise<void>> {
  const sql = connect(jackstaff.databaseUrl, { max: 1 })
  await sql`select pg_advisory_lock(${PUBLISH_GATE}, id) from environment`
  return () => sql.end()
}

it('kills past a gate that no editor can pass, and answers the editors within five seconds', async () => {
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  const release = await holdGates()
  const began = performance.now()
  const edits = Array.from({ length: 12 }, () =>
    jackstaff
      .api('PUT', PRODUCTION, share(50), { 'if-match': headers.get('etag')! })
      .then(({ status }) => ({ status, after: performance.now() - began })),
  )
  const kill = await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'now' })
  const killed = performance.now() - began
  expect(kill.status).toBe(200)
  for (const { status, after } of await Promise.all(edits)) {
    expect(status).toBe(503)
    expect(after).toBeGreaterThan(killed)
  }
  await release()
  // A late edit may still come to pass once the gate is free, as its answer said; the kill stands whatever it did.
  const now = await jackstaff.api('GET', PRODUCTION)
  expect(now.body.kill.reason).toBe('now')
  expect(kill.body.id).toBe(now.body.kill.id)
})
