import { describe, expect, it } from 'vitest'
import { EventStreamParser, type StreamItem } from './event-stream'

const parse = (...chunks: string[]): StreamItem[] => {
  const parser = new EventStreamParser()
  return chunks.flatMap((chunk) => parser.push(chunk))
}
const event = (name: string, data: string) => ({ type: 'event', name, data })

describe('an event stream', () => {
  it('gives an event at the blank line that ends it', () => {
    expect(parse('event: put\ndata: {}\n')).toEqual([])
    expect(parse('event: put\ndata: {}\n\n')).toEqual([event('put', '{}')])
  })

  it('may be cut anywhere', () => {
    const text = 'retry: 700\r\nevent: patch\r\ndata: {"a":\r\ndata: 1}\r\n\r\n:\n\ndata: two\n\n'
    const whole = parse(text)
    expect(whole).toEqual([{ type: 'retry', ms: 700 }, event('patch', '{"a":\n1}'), event('message', 'two')])
    for (let cut = 1; cut < text.length; cut++) {
      expect(parse(text.slice(0, cut), text.slice(cut)), `cut at ${cut}`).toEqual(whole)
    }
    expect(parse(...text)).toEqual(whole)
  })

  it.each([
    ['line feeds', '\n'],
    ['carriage returns', '\r'],
    ['both', '\r\n'],
  ])('knows lines that end with %s', (_, end) => {
    expect(parse(`event: a${end}data: 1${end}${end}data: 2${end}${end}`)).toEqual([
      event('a', '1'),
      event('message', '2'),
    ])
  })

  it('ignores comments, unknown fields, and events without data', () => {
    expect(parse(': hi\n\nid: 7\nfoo: bar\nevent: lonely\n\ndata\n\n')).toEqual([event('message', '')])
  })

  it('takes one space off a value and no more', () => {
    expect(parse('data:  two\n\ndata:none\n\n')).toEqual([event('message', ' two'), event('message', 'none')])
  })

  it('ignores a retry that is not a number', () => {
    expect(parse('retry: soon\nretry: -1\n')).toEqual([])
  })

  it('gives up on an event that has no end', () => {
    const line = `data: ${'x'.repeat(60_000)}\n`
    expect(parse(line, line, line, line)).toEqual([])
    expect(parse(line, line, line, line, line)).toEqual([{ type: 'oversized' }])
    expect(parse('x'.repeat(300_000))).toEqual([{ type: 'oversized' }])
  })
})
