import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { until } from '../support/process'
import { bearer, raw } from '../support/raw-http'

const SLOW = 40 // far more than there are places for writes at once

let jackstaff: Jackstaff
let serverKey: string
const senders: Socket[] = []
beforeAll(async () => {
  jackstaff = await startJackstaff()
  serverKey = (await seedShop(jackstaff)).serverKey
})
afterAll(async () => {
  for (const sender of senders) sender.destroy()
  await jackstaff?.stop()
})

/** Announces a body, and sends one byte of it. */
function dawdle(): Promise<void> {
  const { port, host } = new URL(jackstaff.url)
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(
        `POST /api/v1/projects HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{`,
      )
      resolve()
    })
    socket.on('error', () => {}).resume()
    senders.push(socket)
  })
}

async function timed<T>(run: () => Promise<T>): Promise<[T, number]> {
  const began = performance.now()
  return [await run(), performance.now() - began]
}

describe('forty senders that never finish their body', () => {
  const write = async () => {
    const { headers } = await jackstaff.api('GET', PRODUCTION)
    return jackstaff.api('PUT', PRODUCTION, share(Math.random() * 100), { 'if-match': headers.get('etag')! })
  }

  it('hold up neither a kill, nor a read, nor a config', async () => {
    for (let i = 0; i < SLOW; i++) await dawdle()
    const [kill, killMs] = await timed(() => jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'now' }))
    const [read, readMs] = await timed(() => jackstaff.api('GET', PRODUCTION))
    const [config, configMs] = await timed(() =>
      raw(`${jackstaff.url}/config`, { headers: bearer(serverKey) }),
    )
    expect([kill.status, read.status, config.status]).toEqual([200, 200, 200])
    expect(Math.max(killMs, readMs, configMs)).toBeLessThan(1_000)
  })

  it('let nobody wait for an answer longer than 5 s', async () => {
    const [answer, ms] = await timed(write)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
    expect(ms).toBeLessThan(5_500)
  })

  it('are cut off after a while, and writes go on', async () => {
    const [, ms] = await timed(() =>
      until('a write to be answered', async () => (await write()).status === 200, 30_000),
    )
    console.log(`writes went on ${Math.round(ms / 1_000)} s later`)
    await until('the senders to be cut off', () => senders.every((sender) => sender.destroyed), 30_000)
  })
})
