import { describe, expect, it } from 'vitest'
import { type Comparator, compareVersions, parseRange, parseVersion } from './semver'

const version = (text: string) => {
  const parsed = parseVersion(text)
  if (!parsed) throw new Error(`"${text}" is no version`)
  return parsed
}

describe('parseVersion', () => {
  it.each([
    ['5.3.1', [5, 3, 1], []],
    ['v5.3.1', [5, 3, 1], []],
    ['5.3', [5, 3, 0], []],
    ['v5', [5, 0, 0], []],
    ['0.0.0', [0, 0, 0], []],
    ['1.2.3-beta.2', [1, 2, 3], ['beta', '2']],
    ['1.2.3--', [1, 2, 3], ['-']],
    ['1.2.3-0a', [1, 2, 3], ['0a']],
    ['1.2.3+build.001', [1, 2, 3], []],
    ['1.2.3-rc.1+sha-5114f85', [1, 2, 3], ['rc', '1']],
    ['20240131.0.9007199254740990', [20_240_131, 0, 9_007_199_254_740_990], []],
  ])('reads %s', (text, [major, minor, patch], prerelease) => {
    expect(parseVersion(text)).toEqual({ major, minor, patch, prerelease })
  })

  it.each([
    '',
    'v',
    'V1.2.3',
    '=1.2.3',
    ' 1.2.3',
    '1.2.3 ',
    '1.2.3\n',
    '1.2.3.4',
    '1.2.',
    '1..3',
    '.1.2',
    '01.2.3',
    '1.02.3',
    '1.2.03',
    '-1.2.3',
    '1.2-beta',
    '1.2+build',
    '1.2.3-',
    '1.2.3-a..b',
    '1.2.3-01',
    '1.2.3-a.01',
    '1.2.3-é',
    '1.2.3+',
    '1.x',
    '1-2',
    '1-2.3',
    '1.2-3',
    '1x2.3',
    '1.2x3',
    '1.2.3x',
    '١.٢.٣',
    '9007199254740991.0.0',
    `1.2.3-${'a'.repeat(251)}`,
  ])('refuses "%s"', (text) => {
    expect(parseVersion(text)).toBeNull()
  })
})

it('compareVersions orders by the precedence of Semantic Versioning', () => {
  const ascending = [
    '0.0.0-0',
    '0.0.0',
    '0.9.9',
    '1.0.0-0',
    '1.0.0-9',
    '1.0.0-10',
    '1.0.0-9007199254740993',
    '1.0.0-9007199254740994',
    '1.0.0--',
    '1.0.0-Beta',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '1.0.10',
    '1.2.0',
    '1.10.0',
    '2.0.0-rc',
    '2.0.0',
  ].map(version)
  for (const [i, a] of ascending.entries()) {
    for (const [j, b] of ascending.entries()) expect(Math.sign(compareVersions(a, b))).toBe(Math.sign(i - j))
  }
  expect(compareVersions(version('1.2.3+a'), version('v1.2.3+b'))).toBe(0)
  expect(compareVersions(version('5.3'), version('5.3.0'))).toBe(0)
})

const write = ({ op, version: { major, minor, patch, prerelease } }: Comparator) =>
  `${op}${major}.${minor}.${patch}${prerelease.length > 0 ? `-${prerelease.join('.')}` : ''}`

describe('parseRange', () => {
  it.each([
    ['1.2.3', '=1.2.3'],
    ['=v1.2.3-beta.1+build', '=1.2.3-beta.1'],
    ['*', ''],
    ['x.X.*', ''],
    ['>=*', ''],
    ['1', '>=1.0.0 <2.0.0-0'],
    ['=1.x', '>=1.0.0 <2.0.0-0'],
    ['1.2', '>=1.2.0 <1.3.0-0'],
    ['1.2.*', '>=1.2.0 <1.3.0-0'],
    ['^1.2.3', '>=1.2.3 <2.0.0-0'],
    ['^1.2', '>=1.2.0 <2.0.0-0'],
    ['^1.x', '>=1.0.0 <2.0.0-0'],
    ['^0.2.3', '>=0.2.3 <0.3.0-0'],
    ['^0.2', '>=0.2.0 <0.3.0-0'],
    ['^0.0.3', '>=0.0.3 <0.0.4-0'],
    ['^0.0.0', '>=0.0.0 <0.0.1-0'],
    ['^0.0', '>=0.0.0 <0.1.0-0'],
    ['^0', '>=0.0.0 <1.0.0-0'],
    ['^1.2.3-beta.2', '>=1.2.3-beta.2 <2.0.0-0'],
    ['^*', ''],
    ['~1.2.3', '>=1.2.3 <1.3.0-0'],
    ['~1.2', '>=1.2.0 <1.3.0-0'],
    ['~1', '>=1.0.0 <2.0.0-0'],
    ['~0.2.3-rc', '>=0.2.3-rc <0.3.0-0'],
    ['<1.2.3', '<1.2.3'],
    ['<1.2', '<1.2.0'],
    ['<=1.2.3', '<=1.2.3'],
    ['<=1.2', '<1.3.0-0'],
    ['<=1', '<2.0.0-0'],
    ['>1.2.3', '>1.2.3'],
    ['>1.2', '>=1.3.0-0'],
    ['>1', '>=2.0.0-0'],
    ['>=1.2', '>=1.2.0'],
    ['  >=1.2   <2 ', '>=1.2.0 <2.0.0'],
    ['>= 1.2.3 < 2', '>=1.2.3 <2.0.0'],
    ['1.2 - 2.3.4', '>=1.2.0 <=2.3.4'],
    ['1.2.3 - 2.3', '>=1.2.3 <2.4.0-0'],
    ['1 - 2', '>=1.0.0 <3.0.0-0'],
    ['* - 2.3.4', '<=2.3.4'],
    ['1.2.3-a - *', '>=1.2.3-a'],
    ['1.x || >=2.5.0||5 - 7', '>=1.0.0 <2.0.0-0 || >=2.5.0 || >=5.0.0 <8.0.0-0'],
  ])('reads %s', (text, comparators) => {
    expect(
      parseRange(text)
        ?.map((alternative) => alternative.map(write).join(' '))
        .join(' || '),
    ).toBe(comparators)
  })

  it.each([
    '',
    ' ',
    '||',
    '^1 ||',
    'latest',
    '1.2.3.4',
    '01.2',
    '1.x.3',
    'x.1',
    '1.2-beta',
    '1.2.x-beta',
    '>*',
    '< x',
    '~>1.2',
    '==1.2.3',
    '>>1',
    '>=1,<2',
    '>=1 - 2',
    '1 - 2 - 3',
    '1 -2',
    '- 2',
    '^',
    '^1.2.3-01',
    '9007199254740991.x',
    `${'1 || '.repeat(60)}1`,
  ])('refuses "%s"', (text) => {
    expect(parseRange(text)).toBeNull()
  })
})
