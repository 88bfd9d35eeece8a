import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

// The test machines hand out ephemeral ports from 10000: listeners stay below.
const FIRST_PORT = Number(process.env.TEST_PORTS_FROM ?? 4_000) // another one keeps two runs on one machine apart
const PORTS_PER_WORKER = 400
// Those that fetch refuses to connect to: https://fetch.spec.whatwg.org/#bad-port
const REFUSED_BY_FETCH = [4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697]
let next = FIRST_PORT + Number(process.env.VITEST_POOL_ID ?? 0) * PORTS_PER_WORKER

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORTS_PER_WORKER; tries++) {
    const port = next++
    if (!REFUSED_BY_FETCH.includes(port) && (await isFree(port))) return port
  }
  throw new Error(`no free port near ${next}`)
}

export type Program = {
  child: ChildProcess
  output(): string
  /** Ends it with a signal and waits until it is gone; answers with milliseconds. */
  end(signal?: NodeJS.Signals): Promise<number>
}

/** Tests ask from one address, and faster than people do: what is about budgets sets its own. */
const UNHURRIED = Object.fromEntries(
  ['READS', 'WRITES', 'KILLS', 'SIGN_IN', 'INVITES', 'SCIM', 'WEBHOOK_TESTS'].map((name) => [
    `JACKSTAFF_LIMIT_${name}`,
    '1000000/60',
  ]),
)

/** Starts a program in a process group of its own, and keeps what it prints. */
export function start(
  command: string,
  args: string[],
  env: Record<string, string>,
  cwd = process.cwd(),
): Program {
  const child = spawn(command, args, {
    cwd,
    env: { ...UNHURRIED, ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  child.stdout?.on('data', (chunk) => {
    printed += chunk
  })
  child.stderr?.on('data', (chunk) => {
    printed += chunk
  })
  return {
    child,
    output: () => printed,
    async end(signal = 'SIGTERM') {
      const started = performance.now()
      if (child.exitCode !== null || child.signalCode !== null) return 0
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      if (signal === 'SIGKILL') process.kill(-child.pid!, signal)
      else child.kill(signal)
      await gone
      return performance.now() - started
    },
  }
}

/** Waits for a condition, or fails with what was expected. */
export async function until<T>(
  what: string,
  check: () => Promise<T | false | null | undefined> | T | false | null | undefined,
  withinMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const value = await check()
    if (value) return value
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms for ${what}`)
    await sleep(20)
  }
}
