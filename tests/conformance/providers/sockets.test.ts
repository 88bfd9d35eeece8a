import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleProgram } from '../../support/bundle'
import { configOf, serving } from '../../support/configs'
import { freePort, start, until } from '../../support/process'
import { ProtocolServer } from '../../support/protocol-server'

const RECONNECTS = 1_000
// Of each reconnect. What is compiled along the way is up to 900 at first and nothing later; a stream kept is above this.
const MOST_BYTES_KEPT = 2_048

let folder: string
let program: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reconnecting-'))
  program = await bundleProgram(new URL('reconnecting-program.ts', import.meta.url), folder)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The slope of the line that fits best through measurements taken at equal steps. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const sums = values.map((value, at) => [(at - middle) * (value - mean), (at - middle) ** 2] as const)
  return sums.reduce((sum, [xy]) => sum + xy, 0) / sums.reduce((sum, [, xx]) => sum + xx, 0)
}

describe.each(['server', 'web'])('P16: the %s provider, after 1,000 reconnects', (side) => {
  it('has had one socket at each moment, keeps nothing of them, and lets the process exit', async () => {
    const server = new ProtocolServer(configOf(1, { banner: serving('hello') }), await freePort())
    server.retryMs = 0
    await server.start()
    const child = start(process.execPath, ['--expose-gc', program, side, server.url, String(RECONNECTS)], {})
    const exited = new Promise((resolve) => child.child.once('exit', resolve))
    const sockets: number[] = []
    let heap: number[] = []
    for await (const line of createInterface({ input: child.child.stdout! })) {
      if (line.startsWith('[')) heap = JSON.parse(line)
      else {
        sockets.push(server.sockets)
        server.cut()
      }
    }
    expect(await exited, child.output()).toBe(0)
    expect(server.mostStreams).toBe(1)
    // A poll, which is due where the stream takes more than a second to be back, has a connection of its own.
    const polls = server.requests.filter(({ path }) => !path.startsWith('/config/stream')).length
    expect([sockets.length, Math.max(...sockets)]).toEqual([RECONNECTS, polls === 0 ? 1 : 2])
    await until('the last socket to be closed', () => server.sockets === 0)

    const perReconnect = slopeOf(heap.slice(2)) / (RECONNECTS / heap.length)
    console.log(`${side}: ${perReconnect.toFixed(0)} bytes of heap a reconnect`, heap)
    expect(perReconnect).toBeLessThan(MOST_BYTES_KEPT)
    await server.stop()
  })
})
