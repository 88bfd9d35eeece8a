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

function ticks(): { all: number; idle: number } {
  const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1)
  const fields = first.trim().split(/\s+/).slice(1, 9).map(Number)
  return { all: fields.reduce((sum, value) => sum + value, 0), idle: fields[3]! + fields[4]! }
}

/** The share of all cores that is in use, by whomever, over so many milliseconds. */
export async function busyShare(forMs: number): Promise<number> {
  const before = ticks()
  await sleep(forMs)
  const after = ticks()
  return 1 - (after.idle - before.idle) / (after.all - before.all)
}
