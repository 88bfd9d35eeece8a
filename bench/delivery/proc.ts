import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const TICK_US = 10_000 // USER_HZ is 100 on every Linux that Node runs on

/** CPU time that a process has taken so far, all threads, user and system, in microseconds. */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_US
}

/** Resident memory of a process in bytes. */
export function rssOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!
  return Number(kilobytes) * 1024
}

/** The least resident memory over a while of doing nothing: what is kept, without garbage on its way out. */
export async function idleRss(pid: number, forMs: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let waited = 0; waited < forMs; waited += 500) {
    await sleep(500)
    least = Math.min(least, rssOf(pid))
  }
  return least
}
