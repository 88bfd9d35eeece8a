import { describe, expect, it } from 'vitest'
import { scanJson } from './json-scan'

describe('scanJson', () => {
  it.each([
    '{"a":{"a":[{"a":1},{"a":2}]},"b":"a"}',
    '{"a":"\\"a\\":","b":["a","a"]}',
    '{"a\\\\":1,"a":2}',
    '{"":1,"x":{}}',
    '["a","a"]',
    '{ "a" : 1 , "b" : { "a" : 2 } }',
  ])('has nothing against %s', (text) => {
    expect(scanJson(text)).toBeNull()
  })

  it.each([
    ['{"a":1,"a":1}', 'a'],
    ['{"a":1,"b":{"c":[{"d":1,"d":2}]}}', 'd'],
    ['{"name":1,"n\\u0061me":2}', 'name'],
    ['{"a" :1, "a"\n:2}', 'a'],
    ['{"a":"}","a":2}', 'a'],
  ])('finds the key that is there twice in %s', (text, key) => {
    expect(scanJson(text)).toContain(`the key "${key}" twice`)
  })

  it('counts depth, and only outside of texts', () => {
    const nested = (levels: number) => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`
    expect(scanJson(nested(40))).toBeNull()
    expect(scanJson(nested(42))).toContain('deeper than 40')
    expect(scanJson(JSON.stringify({ a: '[{'.repeat(100) }))).toBeNull()
    expect(scanJson('['.repeat(1_000_000))).toContain('deeper than 40')
  })

  it('takes a long hostile text in its stride', () => {
    const started = performance.now()
    scanJson(`{"a":"${'\\"'.repeat(400_000)}"${' '.repeat(100_000)}`)
    scanJson(`[${'"x" '.repeat(200_000)}]`)
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})
