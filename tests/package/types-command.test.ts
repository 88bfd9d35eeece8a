import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configOf, serving } from '../support/configs'
import { type Jackstaff, seedShop, startJackstaff } from '../support/jackstaff'

const root = fileURLToPath(new URL('../..', import.meta.url))
const CONFIG = JSON.stringify(configOf(1, { banner: serving('hello') }))

let project: string
let jackstaff: Jackstaff
let keys: { serverKey: string; clientKey: string }

type Ended = { code: number; stdout: string; stderr: string }

function run(command: string, args: string[], env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: project, env: { ...process.env, ...env }, timeout: 30_000 }
    execFile(command, args, options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    })
  })
}

/** What `npx jackstaff types` runs. */
const types = (args: string[], key = '') =>
  run(join(project, 'node_modules/.bin/jackstaff'), ['types', ...args], { JACKSTAFF_KEY: key })
const write = (file: string, text: string) => writeFileSync(join(project, file), text)
const createFlag = async (key: string, type: string, variants: object) => {
  const { status } = await jackstaff.api('POST', '/projects/shop/flags', { key, name: key, type, variants })
  if (status !== 201) throw new Error(`the flag ${key} was answered with ${status}`)
}
const read = (file: string) => readFileSync(join(project, file), 'utf8')

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'types-'))
  execFileSync(process.execPath, [join(root, 'scripts/build-providers.mjs')], { stdio: 'ignore' })
  const pack = ['pack', '--json', '--silent', '--pack-destination', project]
  const packed = execFileSync('npm', pack, { cwd: join(root, 'providers/server'), encoding: 'utf8' })
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }]
  write('package.json', '{ "private": true }')
  const install = [
    'install',
    `./${filename}`,
    '--offline',
    '--ignore-scripts',
    '--legacy-peer-deps',
    '--no-audit',
  ]
  execFileSync('npm', install, { cwd: project, stdio: 'ignore' })
  symlinkSync(join(root, 'node_modules/@openfeature'), join(project, 'node_modules/@openfeature'))
  symlinkSync(join(root, 'node_modules/@types'), join(project, 'node_modules/@types'))
  write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        module: 'nodenext',
        target: 'es2022',
        types: ['node'],
      },
    }),
  )
  jackstaff = await startJackstaff()
  keys = await seedShop(jackstaff)
  await createFlag('theme', 'string', { light: 'light', dark: 'dark' })
})
afterAll(async () => {
  await jackstaff?.stop()
  rmSync(project, { recursive: true })
})

describe('jackstaff types, of the packed package with a real server', () => {
  it('writes the flags of an environment by type', async () => {
    const ended = await types(['--url', jackstaff.url, '--out', 'src/flags.d.ts'], keys.serverKey)
    expect(ended).toEqual({
      code: 0,
      stdout: 'src/flags.d.ts now has the 2 flags of shop/production\n',
      stderr: '',
    })
    expect(read('src/flags.d.ts')).toContain("BooleanFlagKey =\n    | 'checkout'\n")
    expect(read('src/flags.d.ts')).toContain("StringFlagKey =\n    | 'theme'\n")
    expect(read('src/flags.d.ts')).not.toContain(keys.serverKey)
  })

  it('knows only what browsers may see with a client key', async () => {
    const { stdout } = await types(['--url', jackstaff.url, '--sdk', 'react'], keys.clientKey)
    expect(stdout).toContain('@openfeature/react-sdk')
    expect(stdout).toContain("| 'checkout'")
    expect(stdout).not.toContain('theme')
  })

  it('makes right keys compile, and no others', async () => {
    const compile = () =>
      run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project])
    const use = (calls: string) =>
      `import { OpenFeature } from '@openfeature/server-sdk'\nconst client = OpenFeature.getClient()\n${calls}\n`
    write(
      'src/right.mts',
      use("console.log(client.getBooleanValue('checkout', false), client.getStringDetails('theme', 'x'))"),
    )
    expect(await compile()).toEqual({ code: 0, stdout: '', stderr: '' })
    write(
      'src/wrong.mts',
      use(
        "client.getBooleanValue('chekout', false)\nclient.getBooleanValue('theme', false)\nclient.getNumberValue('theme', 1)",
      ),
    )
    const { code, stdout } = await compile()
    rmSync(join(project, 'src/wrong.mts'))
    expect(code).not.toBe(0)
    const wrongLines = [...stdout.matchAll(/wrong\.mts\((\d+),/g)].map(([, line]) => line)
    expect([...new Set(wrongLines)]).toEqual(['3', '4', '5'])
    expect(stdout).not.toContain('right.mts')
  })

  it('--check ends with 1 once a flag has come, says which, and writes nothing', async () => {
    const check = ['--url', jackstaff.url, '--out', 'src/flags.d.ts', '--check']
    expect(await types(check, keys.serverKey)).toMatchObject({ code: 0 })
    await createFlag('limit', 'number', { low: 10, high: 100 })
    const before = read('src/flags.d.ts')
    const ended = await types(check, keys.serverKey)
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toContain('is out of date')
    expect(ended.stderr).toContain("+ | 'limit'")
    expect(read('src/flags.d.ts')).toBe(before)
    expect(await types(check.slice(0, -1), keys.serverKey)).toMatchObject({ code: 0 })
    expect(await types(check, keys.serverKey)).toMatchObject({ code: 0 })
  })

  it('says why there is no config, and does not repeat the key', async () => {
    const refused = await types(['--url', jackstaff.url, '--out', 'none.d.ts'], 'jks_srv_wrong')
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain('the server refused the key (HTTP 401)')
    expect(refused.stderr).not.toContain('jks_srv_wrong')
    const away = await types(['--url', 'http://127.0.0.1:7299', '--out', 'none.d.ts'], keys.serverKey)
    expect(away).toMatchObject({ code: 2 })
    expect(away.stderr).toMatch(/^jackstaff: http:\/\/127\.0\.0\.1:7299: .*(ECONNREFUSED|fetch failed)/)
    expect(existsSync(join(project, 'none.d.ts'))).toBe(false)
  })
})

describe('jackstaff types, of a file', () => {
  it('needs no server and no key', async () => {
    write('config.json', CONFIG)
    const { code, stdout } = await types(['--config', 'config.json'])
    expect(code).toBe(0)
    expect(stdout).toContain("StringFlagKey =\n    | 'banner'\n")
  })

  it.each([
    ['is not there', null, 'ENOENT'],
    ['is no config', '{"flags":{}}', 'that is no config'],
    ['is no JSON', 'nothing', 'that is no config'],
  ])('says so where it %s', async (_, text, message) => {
    if (text !== null) write('broken.json', text)
    const ended = await types(['--config', text === null ? 'missing.json' : 'broken.json'])
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toContain(message)
    expect(ended.stderr).not.toContain('    at ')
  })

  it('explains itself', async () => {
    const { code, stdout } = await run(join(project, 'node_modules/.bin/jackstaff'), ['--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('Usage: jackstaff types')
  })
})
