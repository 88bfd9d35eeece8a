import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { atEnd } from './cleanup'

const LONGEST_END_MS = 8_000
let nextPort = Number(process.env.TEST_PORTS_FROM ?? 4_900)

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

/** A port below those that the kernel hands out by itself. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = nextPort++
    if (await isFree(port)) return port
  }
}

export type Program = { pid: number; child: ChildProcess; end(): Promise<void> }

/** Ends a process that we started, by its id, and waits until it is gone. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill(signal)
  const forced = setTimeout(() => child.kill('SIGKILL'), LONGEST_END_MS)
  await gone
  clearTimeout(forced)
}

/** Starts a program that ends with the run at the latest; what it says on stderr is shown. */
export function start(command: string, args: readonly string[], options: SpawnOptions = {}): Program {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options })
  atEnd(() => end(child))
  return { pid: child.pid!, child, end: () => end(child) }
}

/** Waits until a server answers 200, and answers with how long that took in milliseconds. */
export async function whenOk(
  url: string,
  { child }: Program,
  headers: Record<string, string> = {},
  everyMs = 100,
): Promise<number> {
  const started = performance.now()
  for (;;) {
    const signal = AbortSignal.timeout(2_000)
    const ok = await fetch(url, { headers, signal })
      .then(async (response) => (await response.arrayBuffer()) && response.ok)
      .catch(() => false)
    const took = performance.now() - started
    if (ok) return took
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}`)
    if (took > 90_000) throw new Error(`${url} did not answer 200 within 90 s`)
    await sleep(everyMs)
  }
}
