import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { type Browser, chromium } from '@playwright/test'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumOptions } from '../support/chromium'
import {
  type Block,
  blockOf,
  codeBlocks,
  runBlock,
  runShell,
  type Setting,
  settled,
} from '../support/documents'
import { publishBanner, publishCheckout, seedExample } from '../support/example'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'
import { freePort } from '../support/process'

const ROOT = resolve(import.meta.dirname, '../..')
const GUIDES = readdirSync(join(ROOT, 'docs/providers')).map((file) => `docs/providers/${file}`)

/** The files that the code of a guide adds to. */
const BESIDE: Record<string, string[]> = {
  next: ['flags.ts', 'app/flags-provider.tsx', 'app/open-client.ts', 'app/sale-banner.tsx'],
}

let jackstaff: Jackstaff
let grpcPort: string
let setting: Setting
let browser: Browser
let folder: string

beforeAll(async () => {
  grpcPort = String(await freePort())
  jackstaff = await startJackstaff({ HOST: '127.0.0.1', JACKSTAFF_GRPC_PORT: grpcPort })
  const keys = await seedExample(jackstaff)
  await publishCheckout(jackstaff, 100)
  await publishBanner(jackstaff, 'sale')
  setting = { url: jackstaff.url, ...keys }
  browser = await chromium.launch(chromiumOptions)
  folder = mkdtempSync(join(tmpdir(), 'documents-'))
})
afterAll(async () => {
  await browser?.close()
  await jackstaff?.stop()
  rmSync(folder, { recursive: true })
})

const away = () => ({ ...setting, url: 'http://127.0.0.1:9' })

/** Runs a block in a page, and answers with what it prints first. */
async function printedInBrowser({ code }: Block, resolveDir = ROOT): Promise<string> {
  const stdin = { contents: settled(code, setting), resolveDir }
  const { outputFiles } = await build({ stdin, bundle: true, write: false, format: 'esm', target: 'es2022' })
  const page = await browser.newPage()
  const printed = page.waitForEvent('console')
  await page.addScriptTag({ type: 'module', content: outputFiles[0]!.text })
  const text = (await printed).text()
  await page.close()
  return text
}

describe('the code in the guides', () => {
  it('has types that hold', () => {
    const target = join(ROOT, 'dist/documents-types')
    rmSync(target, { recursive: true, force: true })
    for (const guide of GUIDES) {
      const name = basename(guide, '.md')
      for (const file of BESIDE[name] ?? [])
        cpSync(join(ROOT, 'examples', name, file), join(target, name, file))
      for (const { language, name: file, code } of codeBlocks(guide)) {
        if (!language.startsWith('ts')) continue
        mkdirSync(dirname(join(target, name, file)), { recursive: true })
        writeFileSync(join(target, name, file), `${code}\nexport {}\n`)
      }
    }
    const compilerOptions = { noUncheckedSideEffectImports: false, incremental: false }
    const project = { extends: '../../tsconfig.json', include: ['**/*'], exclude: [], compilerOptions }
    writeFileSync(join(target, 'tsconfig.json'), JSON.stringify(project))
    const tsc = join(ROOT, 'node_modules/.bin/tsc')
    const check = () => execFileSync(tsc, ['-p', target, '--listFilesOnly'], { encoding: 'utf8' })
    expect(check().match(/documents-types/g)!.length).toBeGreaterThan(15)
    expect(printedBy(() => execFileSync(tsc, ['-p', target], { encoding: 'utf8' }))).toBe('')
  })

  it.each(['providers/server/README.md', 'docs/providers/server.md'])(
    'of %s decides a flag, and ends',
    async (document) => {
      const ran = await runBlock(blockOf(document, 'js'), setting)
      expect(ran).toEqual({ code: 0, stdout: 'true', stderr: '' })
    },
  )

  it.each(['providers/web/README.md', 'docs/providers/web.md'])(
    'of %s decides a flag in a page',
    async (document) => {
      expect(await printedInBrowser(blockOf(document, 'js'))).toBe('true')
    },
  )
})

describe('the code about OFREP and flagd', () => {
  const guide = 'docs/providers/other-languages.md'
  const about = (words: string) => {
    const found = codeBlocks(guide).filter(({ code }) => code.includes(words))
    if (found.length !== 1) throw new Error(`${guide} has ${found.length} blocks with "${words}"`)
    return found[0]!
  }

  it('decides a flag with the published provider of OFREP', async () => {
    const ran = await runBlock(about('new OFREPProvider'), setting, { folder: 'tests/frameworks/dist' })
    expect(ran).toEqual({ code: 0, stdout: 'true', stderr: '' })
  })

  it('decides a flag with one request', async () => {
    const { stdout } = await runShell(about('/ofrep/v1/evaluate'), setting)
    expect(JSON.parse(stdout)).toMatchObject({ key: 'new-checkout', value: true, variant: 'on' })
  })

  it('decides a flag in a browser', async () => {
    const resolveDir = join(ROOT, 'tests/frameworks/interop')
    expect(await printedInBrowser(about('new OFREPWebProvider'), resolveDir)).toBe('true')
  })

  it('decides a flag in process with the published provider of flagd', async () => {
    const block = about('new FlagdProvider')
    const code = block.code.replace("'localhost',\n    port: 8015", `'127.0.0.1',\n    port: ${grpcPort}`)
    // It keeps its stream, and with it the process, for as long as the application runs.
    const ends = { ...block, code: `${code}\nawait OpenFeature.close()\n` }
    const ran = await runBlock(ends, setting, { folder: 'tests/frameworks/interop/dist' })
    expect(ran).toEqual({ code: 0, stdout: 'true', stderr: '' })
  })

  it('gets a definition of flagd', async () => {
    const { stdout } = await runShell(about('/flagd/harbour'), setting)
    expect(JSON.parse(stdout)).toMatchObject({ flags: { 'new-checkout': { state: 'ENABLED' } } })
  })
})

describe('the code about testing', () => {
  const guide = 'docs/providers/testing.md'

  it.each([
    ['in-memory.test.ts', 2],
    ['rules.test.ts', 1],
  ])('passes its own tests: %s', async (name, tests) => {
    const ran = await runBlock(blockOf(guide, name), away(), { flags: ['--test', '--test-reporter=tap'] })
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/^# fail 0$/m) })
    expect(ran.stdout).toMatch(new RegExp(`^# pass ${tests}$`, 'm'))
  })

  it('puts its own values before those of Jackstaff', async () => {
    await publishCheckout(jackstaff, 0)
    expect(await runBlock(blockOf(guide, 'overrides.ts'), setting)).toMatchObject({
      code: 0,
      stdout: 'true 10 % off everything',
    })
  })
})

describe('the code about outages', () => {
  const guide = 'docs/providers/offline.md'
  const run = (name: string, where = setting) => runBlock(blockOf(guide, name), where, { cwd: folder })

  it('starts from a config that was saved before', async () => {
    expect(await runShell(blockOf(guide, 'sh'), setting, folder)).toMatchObject({ code: 0, stderr: '' })
    expect((await run('bootstrap.ts', away())).stdout).toBe('10 % off everything CACHED')
  })

  it('starts from what it heard last', async () => {
    expect((await run('last-known-good.ts')).stdout).toBe('10 % off everything STATIC')
    expect((await run('last-known-good.ts', away())).stdout).toBe('10 % off everything CACHED')
  })

  it('goes on where there is nothing', async () => {
    expect(await run('go-on.ts')).toMatchObject({ stdout: '10 % off everything no error', stderr: '' })
    const alone = await run('go-on.ts', away())
    expect(alone).toMatchObject({ code: 0, stdout: 'nothing PROVIDER_NOT_READY' })
    expect(alone.stderr).toContain('no config within 2000 ms')
  })
})

/** What a program prints, also where it fails. */
function printedBy(run: () => string): string {
  try {
    return run()
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}
