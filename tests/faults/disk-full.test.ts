import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { figure } from '../support/figure'
import { judged, SOUND } from '../support/history'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { inForm } from '../support/long-form'
import { type OwnPostgres, postmasterOf, startOwnPostgres } from '../support/own-postgres'
import { until } from '../support/process'
import { bearer, raw } from '../support/raw-http'

// A disk without room for another byte. It is a tmpfs, which only root may mount.

const DISK = '220m'
const ROUNDS = inForm(1, 10)
const LONGEST_WAIT_MS = 5_500
const CONVERGED_MS = 10_000
const disk = mkdtempSync(join(tmpdir(), 'jackstaff-disk-'))
const filler = join(disk, 'filler')

function mounted(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', disk], { stdio: 'ignore' })
    return true
  } catch {
    console.log('skipped: a full disk is a tmpfs, and this user may mount none')
    return false
  }
}
const isMounted = mounted()

let postgres: OwnPostgres
let jackstaff: Jackstaff
let serverKey: string
const acknowledged: string[] = []

beforeAll(async () => {
  if (!isMounted) return
  postgres = await startOwnPostgres(disk)
  jackstaff = await startJackstaff({ DATABASE_URL: postgres.url })
  serverKey = (await seedShop(jackstaff)).serverKey
})
afterAll(async () => {
  await jackstaff?.stop()
  await postgres?.crash().catch(() => {})
  if (isMounted) execFileSync('umount', ['-l', disk])
  rmSync(disk, { recursive: true, force: true })
})

let percent = 0
async function publish() {
  const began = performance.now()
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  percent = (percent + 0.5) % 100
  const body = { ...share(percent), comment: 'x'.repeat(500) }
  const answer = await jackstaff.api('PUT', PRODUCTION, body, { 'if-match': headers.get('etag') ?? '"0"' })
  if (answer.status === 200)
    acknowledged.push(answer.headers.get('x-jackstaff-version')!.replace('production=', ''))
  return { ...answer, ms: performance.now() - began }
}

/** Takes all the room there is. */
function fill(): void {
  try {
    for (;;) writeFileSync(filler, Buffer.alloc(8 << 20), { flag: 'a' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}

it.runIf(isMounted)(
  'a full disk refuses changes and loses none; reads go on, and writes once there is room',
  async () => {
    const [refused, back]: [number[], number[]] = [[], []]
    for (let round = 0; round < ROUNDS; round++) {
      fill()
      const answer = await until(
        'a write to be refused',
        async () => {
          const answer = await publish()
          return answer.status !== 200 && answer
        },
        120_000,
      )
      refused.push(answer.ms)
      expect(answer.status).toBe(503)
      const config = await raw(`${jackstaff.url}/config`, { headers: bearer(serverKey) })
      expect(config.status).toBe(200)
      rmSync(filler)
      const since = performance.now()
      if (postmasterOf(disk) === null) await postgres.startAgain()
      await until('a write to be acknowledged', async () => (await publish()).status === 200, 60_000)
      back.push(performance.now() - since)
    }
    const verdict = await judged(jackstaff, { acknowledged })
    console.log(
      `${ROUNDS} times a full disk: refused within ${Math.round(Math.max(...refused))} ms, writes went on ` +
        `${Math.round(Math.max(...back))} ms after there was room; ${verdict.lost.length} of ${acknowledged.length} lost`,
    )
    figure(
      'disk-full',
      `acknowledged writes lost, of ${acknowledged.length}, in ${ROUNDS} rounds`,
      verdict.lost.length,
    )
    figure('disk-full', 'until writes go on once there is room, slowest', Math.max(...back), 'ms')
    expect(verdict).toEqual(SOUND)
    expect(Math.max(...refused)).toBeLessThan(LONGEST_WAIT_MS)
    expect(Math.max(...back)).toBeLessThan(CONVERGED_MS)
  },
  600_000,
)
