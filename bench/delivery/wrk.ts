import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const CONNECTIONS = 32

/** Requests a second that one thread of wrk gets answered over connections that stay open. */
export async function requestsPerSecond(
  url: string,
  headers: Record<string, string>,
  seconds: number,
): Promise<number> {
  const named = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const flags = ['-t', '1', '-c', String(CONNECTIONS), '-d', `${seconds}s`]
  const { stdout } = await promisify(execFile)('wrk', [...flags, ...named, url])
  const wrong = /Non-2xx.*|Socket errors.*/.exec(stdout)
  if (wrong) throw new Error(`wrk on ${url}: ${wrong[0]}`)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)![1])
}
