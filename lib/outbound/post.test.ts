import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { createServer as createTcpServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDns } from '@/tests/support/dns'
import { innerHosts } from '@/tests/support/inner-hosts'
import { freePort } from '@/tests/support/process'
import { asking, post, type Sent, send } from './post'
import { parseAllowed } from './target'

const nothing = parseAllowed('')
const here = parseAllowed('127.0.0.1')
const message = { headers: { 'Content-Type': 'application/json' }, body: '{}' }

/** A target inside that counts who comes: whoever connects has sent something. */
let target: Server
let port: number
let came = 0
beforeAll(async () => {
  port = await freePort()
  target = createTcpServer((socket) => {
    came++
    socket.destroy()
  })
  await new Promise<void>((resolve) => target.listen(port, '127.0.0.1', resolve))
})
afterAll(() => new Promise((resolve) => target.close(resolve)))

async function neverComes(sending: Promise<Sent>): Promise<string> {
  const before = came
  const sent = await sending
  expect(sent.status).toBeNull()
  expect(came).toBe(before)
  return (sent as { problem: string }).problem
}

async function serving(answer: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(answer)
  const at = await freePort()
  await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${at}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

describe('a target inside', () => {
  it('counts whoever is let through', async () => {
    const before = came
    await post(`http://127.0.0.1:${port}/`, message, { allowed: here })
    expect(came).toBe(before + 1)
  })

  it.each(innerHosts)('is never reached as %j', async (host) => {
    for (const scheme of ['http', 'https']) {
      await neverComes(post(`${scheme}://${host}:${port}/`, message, { allowed: nothing }))
      // And where nothing has looked at the text: the address counts.
      const text = `${scheme}://${host}:${port}/`
      if (!URL.canParse(text) || new URL(text).hostname.includes('example')) continue
      const resolve = async () => ['127.0.0.1']
      await neverComes(send(new URL(text), message, { allowed: nothing, resolve }))
    }
  })

  it.each([
    [['127.0.0.1']],
    [['8.8.8.8', '127.0.0.1']],
    [['127.0.0.1', '8.8.8.8']],
    [['2606:4700::1111', '::1']],
    [['::ffff:127.0.0.1']],
    [['64:ff9b::7f00:1']],
    [['10.0.0.1']],
    [[]],
  ])('is never reached by a name that a server gives as %j', async (addresses) => {
    const dns = await startDns(() => addresses)
    const url = new URL(`http://rebind.example:${port}/`)
    const problem = await neverComes(send(url, message, { allowed: nothing, resolve: asking([dns.server]) }))
    expect(problem).toMatch(/no public address|no address|ENODATA/)
    await dns.close()
  })

  it('is never reached by a name that changes between the check and the connection', async () => {
    // Allowed is an address where nobody listens: whoever asked again would be sent to the target.
    const allowed = parseAllowed('127.0.0.2')
    const dns = await startDns((_, nth) => [nth === 1 ? '127.0.0.2' : '127.0.0.1'])
    const url = new URL(`http://rebind.example:${port}/`)
    const problem = await neverComes(send(url, message, { allowed, resolve: asking([dns.server]) }))
    expect(problem).toContain('127.0.0.2')
    expect(problem).toContain('ECONNREFUSED')
    expect(dns.asked('rebind.example')).toBe(1)
    await dns.close()
  })

  it('is never reached by a redirect', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      const server = await serving((_, response) =>
        response.writeHead(status, { Location: `http://127.0.0.1:${port}/` }).end(),
      )
      const before = came
      const sent = await post(server.url, message, { allowed: here })
      expect(sent.status).toBe(status)
      expect(came).toBe(before)
      await server.close()
    }
  })

  it('is never reached as a proxy of the environment', async () => {
    const server = await serving((_, response) => response.end('direct'))
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']
    for (const name of names) process.env[name] = name.startsWith('NODE') ? '1' : `http://127.0.0.1:${port}`
    const before = came
    const sent = await post(server.url, message, { allowed: here })
    for (const name of names) delete process.env[name]
    expect(sent).toMatchObject({ status: 200, body: 'direct' })
    expect(came).toBe(before)
    await server.close()
  })
})

describe('an answer', () => {
  it('is read to 64 KB, however long it goes on', async () => {
    const server = await serving((request, response) => {
      const timer = setInterval(() => response.write('x'.repeat(16_000)), 1)
      request.socket.once('close', () => clearInterval(timer))
    })
    const sent = await post(server.url, message, { allowed: here })
    expect(sent).toMatchObject({ status: 200, body: 'x'.repeat(64 * 1024) })
    await server.close()
  })

  it.each<[string, RequestListener]>([
    ['never comes', () => {}],
    [
      'never ends',
      (_, response) => {
        response.write('a')
      },
    ],
  ])('that %s is given up', async (_, listener) => {
    const server = await serving(listener)
    const sent = await post(server.url, message, { allowed: here, inAll: 200 })
    expect(sent).toMatchObject({ status: null, problem: 'no whole answer within 0.2 s' })
    await server.close()
  })

  it('of a name server that says nothing is given up', async () => {
    const resolve = () => new Promise<string[]>(() => {})
    const sent = await post('https://example.com/', message, { allowed: nothing, resolve, inAll: 200 })
    expect(sent).toMatchObject({ status: null, problem: 'no whole answer within 0.2 s' })
  })
})

describe('a certificate', () => {
  const directory = mkdtempSync(join(tmpdir(), 'jackstaff-outbound-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  it('of nobody is refused, whatever the environment says', async () => {
    const [keyFile, certFile] = [join(directory, 'key'), join(directory, 'cert')]
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
    const files = ['-keyout', keyFile, '-out', certFile]
    execFileSync('openssl', ['req', '-x509', ...curve, ...subject, ...files], { stdio: 'ignore' })
    let heard = 0
    const server = createSecureServer(
      { key: readFileSync(keyFile), cert: readFileSync(certFile) },
      (_, response) => {
        heard++
        response.end()
      },
    )
    const at = await freePort()
    await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve))
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    const sent = await post(`https://127.0.0.1:${at}/`, message, { allowed: here })
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    expect(sent).toMatchObject({ status: null, problem: expect.stringContaining('certificate') })
    expect(heard).toBe(0)
    await new Promise((resolve) => server.close(resolve))
  })
})
