import { connect, createServer, type Socket } from 'node:net'
import { freePort } from './process'

const socketOf = (databaseUrl: string) => `${new URL(databaseUrl).searchParams.get('host')}/.s.PGSQL.5432`

/** A TCP way to a Postgres on a unix socket that can be cut: what is connected then hears nothing, and is not told. */
export async function layCable(databaseUrl: string, host = '127.0.0.1') {
  const target = new URL(databaseUrl)
  let path = socketOf(databaseUrl)
  const port = await freePort()
  const ends = new Set<[Socket, Socket]>()
  const server = createServer((near) => {
    const far = connect(path)
    ends.add([near, far])
    near.pipe(far)
    far.pipe(near)
    for (const end of [near, far]) end.on('error', () => {})
    far.on('close', () => near.destroySoon())
  })
  await new Promise<void>((resolve) => server.listen(port, host, resolve))
  return {
    port,
    url: `postgres://app@${host}:${port}${target.pathname}`,
    /** Cuts every connection there is; new ones are let through. Answers with how many were cut. */
    cut() {
      const cut = [...ends].filter(([near]) => !near.destroyed)
      for (const [near, far] of cut) {
        near.unpipe(far).pause()
        far.unpipe(near).pause()
      }
      return cut.length
    },
    /** Leads new connections to another Postgres. */
    reroute(to: string) {
      path = socketOf(to)
    },
    close() {
      for (const end of [...ends].flat()) end.destroy()
      server.close()
    },
  }
}

export type Cable = Awaited<ReturnType<typeof layCable>>

/**
 * A TCP way to a server on this machine that breaks: connection after connection once so many bytes of answers have
 * passed, each after the next of `limits`; when these are used up, all goes through.
 */
export async function cutAfter(url: string, limits: number[]) {
  const { port: to } = new URL(url)
  const port = await freePort()
  const sockets = new Set<Socket>()
  const left = [...limits]
  const server = createServer((near) => {
    const far = connect(Number(to), '127.0.0.1')
    let remaining = left.shift() ?? Number.POSITIVE_INFINITY
    for (const socket of [near, far]) {
      sockets.add(socket.on('error', () => {}))
      socket.once('close', () => sockets.delete(socket))
    }
    near.pipe(far)
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
    far.on('data', (chunk: Buffer) => {
      near.write(chunk.subarray(0, remaining))
      remaining -= chunk.length
      if (remaining > 0) return
      near.destroySoon()
      far.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${port}`,
    left: () => left.length,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
