import { parse as parseJson } from 'secure-json-parse'
import { ControlError } from '@/lib/control/errors'
import { scanJson } from './json-scan'

const MAX_BODY_BYTES = 1024 * 1024 - 1 // a segment's id list is the largest honest body

async function bytes(request: Request): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = request.body?.getReader()
  if (!reader) return Buffer.alloc(0)
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(chunks)
    size += value.byteLength
    if (size > MAX_BODY_BYTES) {
      await reader.cancel()
      throw new ControlError(
        'too_large',
        `the body is larger than ${MAX_BODY_BYTES} bytes: send less at once`,
      )
    }
    chunks.push(value)
  }
}

/** The fields of a form that a page posts. */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type))
    throw new ControlError('malformed', 'post a form: Content-Type application/x-www-form-urlencoded')
  return new URLSearchParams((await bytes(request)).toString('utf8'))
}

const JSON_TYPE = /^application\/json\s*(;|$)/i

/** The JSON object of a request, or `{}` without a body, of a type that `accepts` matches. Bounded in size and depth before it is parsed. */
export async function readBody(request: Request, accepts = JSON_TYPE): Promise<Record<string, unknown>> {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > MAX_BODY_BYTES)
    throw new ControlError('too_large', `the body is ${declared} bytes: at most ${MAX_BODY_BYTES} are read`)
  const raw = await bytes(request)
  if (raw.length === 0) return {}
  const type = request.headers.get('content-type') ?? ''
  if (!accepts.test(type))
    throw new ControlError('malformed', `send Content-Type: application/json, not "${type.slice(0, 100)}"`)
  const value = parsed(raw)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ControlError('malformed', 'the body must be a JSON object')
  return value as Record<string, unknown>
}

function parsed(raw: Buffer): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(raw)
    const problem = scanJson(text)
    if (problem) throw new Error(problem)
    return parseJson(text, undefined, { protoAction: 'error', constructorAction: 'error' })
  } catch (error) {
    throw new ControlError('malformed', `the body is not usable JSON: ${(error as Error).message}`)
  }
}
