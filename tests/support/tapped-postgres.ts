import { connect, createServer, type Socket } from 'node:net'
import type { Pool } from '@/db/client'
import { freePort } from './process'

/** What a client sends, by the letter that begins it; Postgres acts on a statement at `Q` and `E`. */
type Message = { type: string; bytes: Buffer }
type Strike = { pool: Pool; message: number; when: 'before' | 'after'; types: string; act: () => void }

const IS_COMMIT = /\bcommit\b/i

/** Takes whole messages off the front of a stream; the first of a connection has no letter. */
function messages() {
  let held = Buffer.alloc(0)
  let started = false
  return function* taken(chunk: Buffer): Generator<Message> {
    held = Buffer.concat([held, chunk])
    for (;;) {
      const letter = started ? 1 : 0
      if (held.length < letter + 4) return
      const length = letter + held.readInt32BE(letter)
      if (held.length < length) return
      const bytes = held.subarray(0, length)
      held = held.subarray(length)
      yield { type: started ? String.fromCharCode(bytes[0]!) : 'startup', bytes }
      started = true
    }
  }
}

/** `application_name`, as the product names the connections of its pools. */
function poolOf(startup: Buffer): string {
  const words = startup.toString('utf8', 8).split('\0')
  return words[words.indexOf('application_name') + 1]!.replace('jackstaff-', '')
}

/** A TCP way to a Postgres on a unix socket that passes on what clients send message by message, and can strike at any. */
export async function tapPostgres(databaseUrl: string) {
  const target = new URL(databaseUrl)
  const path = `${target.searchParams.get('host')}/.s.PGSQL.5432`
  const port = await freePort()
  const sockets = new Set<Socket>()
  let strike: Strike | null = null
  let seen: string[] = []
  let committedAt = 0

  const server = createServer((near) => {
    const far = connect(path)
    const take = messages()
    let pool = ''
    let cut = false
    far.pipe(near)
    for (const socket of [near, far]) sockets.add(socket.on('error', () => {}))
    near.on('close', () => far.end()) // what it was sent before, it still does
    near.on('data', (chunk) => {
      for (const { type, bytes } of take(chunk)) {
        if (cut) return
        if (type === 'startup') pool = poolOf(bytes)
        const counts = strike?.pool === pool && strike.types.includes(type)
        if (counts) seen.push(type)
        const hit = counts && seen.length === strike!.message
        if (hit && strike!.when === 'before') {
          cut = true
          strike!.act()
          return
        }
        if (IS_COMMIT.test(bytes.toString('latin1'))) committedAt = performance.now()
        far.write(bytes)
        if (hit) {
          cut = true
          strike!.act()
        }
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `postgres://app@127.0.0.1:${port}${target.pathname}`,
    /**
     * At the nth message of these types that connections of a pool send from now on: acts right before or right after it
     * is passed on; nothing more of that connection is.
     */
    arm(next: Strike): void {
      strike = next
      seen = []
    },
    /** How many messages were counted since. */
    counted: () => seen.length,
    /** When a COMMIT was passed on last, by `performance.now()`. */
    committedAt: () => committedAt,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

export type TappedPostgres = Awaited<ReturnType<typeof tapPostgres>>
