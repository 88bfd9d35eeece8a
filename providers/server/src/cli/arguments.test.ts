import { describe, expect, it } from 'vitest'
import { readArguments } from './arguments'

const url = 'https://flags.example.com'
const key = 'jks_srv_1'

describe('the arguments of jackstaff types', () => {
  it('are read', () => {
    expect(readArguments(['--url', url, '--out', 'flags.d.ts', '--check'], key)).toEqual({
      from: { url, key },
      out: 'flags.d.ts',
      check: true,
      sdk: 'server',
    })
    expect(readArguments(['--config', 'config.json', '--sdk', 'react'], undefined)).toMatchObject({
      from: { file: 'config.json' },
      sdk: 'react',
    })
    expect(readArguments(['--url', url, '--sdk', 'web'], 'jks_cli_1').from).toEqual({ url, key: 'jks_cli_1' })
  })

  it.each([
    [[], key, 'either --url or --config'],
    [['--url', url, '--config', 'x.json'], key, 'either --url or --config'],
    [['--url', 'flags'], key, 'not an absolute URL'],
    [['--url', url], undefined, 'JACKSTAFF_KEY'],
    [['--url', url], '', 'JACKSTAFF_KEY'],
    [['--url', url], 'jks_cli_1', 'begins with jks_srv_'],
    [['--url', url, '--sdk', 'web'], key, 'begins with jks_cli_'],
    [['--url', url, '--key', key], undefined, 'can be read by others'],
    [[`--key=${key}`], undefined, 'can be read by others'],
    [['--config', 'x.json', '--check'], undefined, '--check needs --out'],
    [['--config', 'x.json', '--sdk', 'toString'], undefined, 'no such SDK'],
    [['--nonsense'], key, 'Usage:'],
  ])('%j with the key %j are refused: %s', (args, secret, message) => {
    expect(() => readArguments(args, secret)).toThrow(message)
  })

  it('never appear in a message with the key', () => {
    expect(() => readArguments(['--url', url, '--sdk', 'web'], key)).not.toThrow(key)
  })
})
