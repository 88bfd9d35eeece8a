import { describe, expect, it } from 'vitest'
import { readIfMatch } from './if-match'

describe('readIfMatch', () => {
  it.each([
    [null, null],
    ['"7"', ['7']],
    ['7', ['7']],
    ['W/"7"', ['7']],
    ['"1.42.9f8e7d6c"', ['1.42.9f8e7d6c']],
    ['"1", W/"2" ,3', ['1', '2', '3']],
    ['*', ['*']],
    ['""', ['']],
  ])('reads %s', (header, tags) => {
    expect(readIfMatch(header)).toEqual(tags)
  })

  it.each(['', ',', '"7', '7"', '"7" "8"', '"7",', 'w/"7"', '"é"'])('refuses %j', (header) => {
    expect(() => readIfMatch(header)).toThrow('If-Match: send the ETag you were given')
  })
})
