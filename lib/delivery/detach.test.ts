import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../tests/support/process'
import { detach } from './detach'

let server: Server
let port: number
let seen: string[]
let closed: number
const detached: Socket[] = []

const answer: RequestListener = (request, response) => {
  seen.push(request.url!)
  response.once('close', () => closed++)
  if (request.url !== '/stream') return void response.end('plain')
  response.useChunkedEncodingByDefault = false
  response.writeHead(200, { 'Content-Type': 'text/event-stream', Connection: 'close' })
  response.flushHeaders()
  const socket = detach(request, response)
  detached.push(socket)
  socket.write('data: 1\n\n')
}

beforeEach(async () => {
  seen = []
  closed = 0
  port = await freePort()
  server = createServer(
    { requestTimeout: 300, connectionsCheckingInterval: 50, keepAliveTimeout: 100 },
    answer,
  )
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  for (const socket of detached.splice(0)) socket.destroy()
  server.close()
})

async function open(text = 'GET /stream HTTP/1.1\r\nHost: x\r\n\r\n') {
  const far = connect(port, '127.0.0.1').setEncoding('utf8')
  let read = ''
  far.on('data', (chunk) => {
    read += chunk
  })
  far.on('error', () => {})
  far.write(text)
  while (!read.includes('data: 1')) await sleep(5)
  return { far, near: detached.at(-1)!, read: () => read }
}

describe('a detached socket', () => {
  it('carries what is written to it, long after the times of node:http have passed', async () => {
    const { near, read } = await open()
    expect(closed).toBe(1)
    await sleep(600)
    near.write('data: 2\n\n')
    while (!read().includes('data: 2')) await sleep(5)
    expect(read()).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(read().split('\r\n\r\n')[1]).toBe('data: 1\n\ndata: 2\n\n')
    server.closeAllConnections()
    expect(near.destroyed).toBe(false)
  })

  it('closes when the client hangs up, politely or not', async () => {
    for (const hangUp of ['end', 'resetAndDestroy'] as const) {
      const { near, far } = await open()
      far[hangUp]()
      await new Promise((gone) => near.once('close', gone)) // whatever is said before it
    }
  })

  it('drops what the client sends after its request', async () => {
    const { near, far, read } = await open()
    far.write('GET /other HTTP/1.1\r\nHost: x\r\n\r\n')
    await sleep(50)
    near.write('data: 2\n\n')
    while (!read().includes('data: 2')) await sleep(5)
    expect(seen).toEqual(['/stream'])
  })

  it('is of no concern to other connections', async () => {
    const streams = await Promise.all([open(), open(), open()])
    for (let i = 0; i < 50; i++) expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('plain')
    for (const { near } of streams) expect(near.destroyed).toBe(false)
  })

  it('can be had in hundreds, one after the other', async () => {
    for (let i = 0; i < 500; i++) {
      const { near, far } = await open()
      far.destroy()
      near.destroy()
    }
    expect(closed).toBe(500)
  })
})
