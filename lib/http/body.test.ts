import { describe, expect, it } from 'vitest'
import { ControlError } from '@/lib/control/errors'
import { readBody } from './body'

function request(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  return new Request('http://localhost/', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
}

const refusal = async (sent: Request) => {
  const error = await readBody(sent).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ControlError)
  const { kind, message } = error as ControlError
  return `${kind}: ${message}`
}

describe('readBody', () => {
  it('reads a JSON object, with or without a byte order mark and a charset', async () => {
    expect(await readBody(request('{"a":[1,{"b":"\\u00e9"}]}'))).toEqual({ a: [1, { b: 'é' }] })
    expect(await readBody(request('\ufeff{"a":1}'))).toEqual({ a: 1 })
    expect(await readBody(request('{}', { 'content-type': 'Application/JSON; charset=utf-8' }))).toEqual({})
  })

  it('takes no body for an empty object, whatever its type', async () => {
    expect(await readBody(new Request('http://localhost/', { method: 'POST' }))).toEqual({})
  })

  it.each([
    ['[]', 'the body must be a JSON object'],
    ['"text"', 'the body must be a JSON object'],
    ['null', 'the body must be a JSON object'],
    ['{"a":', 'the body is not usable JSON'],
    ['{}{}', 'the body is not usable JSON'],
    ['{"__proto__":{}}', 'the body is not usable JSON'],
    ['{"a":{"constructor":{"prototype":{}}}}', 'the body is not usable JSON'],
    ['{"a":1,"a":2}', 'the key "a" twice'],
    [`${'['.repeat(41)}${']'.repeat(41)}`, 'nested deeper than 40 levels'],
  ])('refuses %s', async (body, message) => {
    expect(await refusal(request(body))).toMatch(`malformed: `)
    expect(await refusal(request(body))).toContain(message)
  })

  it('refuses bytes that are not UTF-8 rather than guessing', async () => {
    expect(await refusal(request(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])))).toContain(
      'not usable JSON',
    )
  })

  it('refuses another content type, naming it', async () => {
    expect(await refusal(request('{}', { 'content-type': 'text/plain' }))).toContain('"text/plain"')
    expect(await refusal(request('{}', { 'content-type': 'application/jsonp' }))).toContain('malformed')
  })

  it('stops at its limit, declared or not', async () => {
    const large = `{"a":"${'x'.repeat(1024 * 1024)}"}`
    expect(await refusal(request(large))).toContain('too_large')
    expect(await refusal(request('{}', { 'content-length': '99999999' }))).toContain('99999999 bytes')
  })
})
