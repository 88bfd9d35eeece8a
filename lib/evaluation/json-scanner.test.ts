import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonScanner } from './json-scanner'

/** The members of an object and their values, as texts. Throws where anything is wrong. */
function membersOf(text: string): [string, string][] {
  const scanner = new JsonScanner(text)
  const members: [string, string][] = []
  scanner.members((name) => members.push([name, scanner.value()]))
  scanner.end()
  return members
}

describe('the members of an object', () => {
  it.each<[string, [string, string][]]>([
    ['{}', []],
    [' \t{\r\n} ', []],
    ['{"a":1}', [['a', '1']]],
    [
      '{ "a" : 1 , "b" : -2.5e3 }',
      [
        ['a', '1'],
        ['b', '-2.5e3'],
      ],
    ],
    ['{"a":[1,{"b":[2,3]}],"c":{"d":{},"e":[]}}', membersOfNested()],
    ['{"":null}', [['', 'null']]],
    ['{"a":"x,}]{[:"}', [['a', '"x,}]{[:"']]],
    [
      '{"a":"\\"","b":"\\\\","c":"\\\\\\"}"}',
      [
        ['a', '"\\""'],
        ['b', '"\\\\"'],
        ['c', '"\\\\\\"}"'],
      ],
    ],
    ['{"\\u0061\\"\\n":true}', [['a"\n', 'true']]],
    ['{"__proto__":1}', [['__proto__', '1']]],
    [
      '{"a":1,"a":2}',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    ['\n{\n  "a": [\n    1\n  ]\n}\n', [['a', '[\n    1\n  ]']]],
  ])('are found in %j', (text, members) => {
    expect(membersOf(text)).toEqual(members)
  })

  it('are those that JSON.parse finds, however they are laid out', () => {
    const texts = fc.string({ unit: fc.constantFrom(...'aé\u{1f600}\ud800\n "\\{}[],:') })
    const values = fc.oneof(
      texts,
      fc.jsonValue({ maxDepth: 2 }),
      fc.array(texts),
      fc.dictionary(texts, texts),
    )
    const objects = fc.dictionary(texts, values, { maxKeys: 4, noNullPrototype: true })
    fc.assert(
      fc.property(objects, fc.constantFrom(0, 1, '\t', ' \n'), (object, space) => {
        const members = membersOf(JSON.stringify(object, null, space))
        expect(members.map(([name]) => name)).toEqual(Object.keys(object))
        expect(members.map(([, value]) => JSON.parse(value))).toEqual(
          Object.values(JSON.parse(JSON.stringify(object))),
        )
      }),
      { numRuns: 150 },
    )
  })

  it('may be visited in turn, where they are objects', () => {
    const scanner = new JsonScanner('{"a": {"x": 1, "y": {}}, "b": 2, "c": {"z": 3}}')
    const seen: string[] = []
    scanner.members((name) => {
      if (scanner.isAtObject) scanner.members((inner) => seen.push(`${name}.${inner} ${scanner.value()}`))
      else seen.push(`${name} ${scanner.value()}`)
    })
    scanner.end()
    expect(seen).toEqual(['a.x 1', 'a.y {}', 'b 2', 'c.z 3'])
  })

  function membersOfNested(): [string, string][] {
    return [
      ['a', '[1,{"b":[2,3]}]'],
      ['c', '{"d":{},"e":[]}'],
    ]
  }
})

it.each([
  ['{}', true],
  [' \n\t{', true],
  ['', false],
  [' ', false],
  ['[{}]', false],
  ['"{"', false],
])('whether %j is at an object: %s', (text, expected) => {
  expect(new JsonScanner(text).isAtObject).toBe(expected)
})

it.each([
  ['', 'the text ends too early'],
  ['{', 'the text ends too early'],
  ['{"a', 'the text ends too early'],
  ['{"a\\"', 'the text ends too early'],
  ['{"a"', 'the text ends too early'],
  ['{"a":', 'the text ends too early'],
  ['{"a":1', 'the text ends too early'],
  ['{"a":[1}', 'the text ends too early'],
  ['{"a":"x}', 'the text ends too early'],
  ['{"a":"x\\', 'the text ends too early'],
  ['{"a":1,', 'the text ends too early'],
  ['[1]', 'unexpected "[" at 0'],
  ['  "a"', 'unexpected """ at 2'],
  ['{a:1}', 'unexpected "a" at 1'],
  ['{"a" 1}', 'unexpected "1" at 5'],
  ['{"a":1,}', 'unexpected "}" at 7'],
  ['{"a":1]', 'unexpected "]" at 6'],
  ['{,}', 'unexpected "," at 1'],
  ['{"a":1}}', 'unexpected "}" at 7'],
  ['{} x', 'unexpected "x" at 3'],
])('%j is refused: %s', (text, message) => {
  expect(() => membersOf(text)).toThrow(new SyntaxError(message))
})
