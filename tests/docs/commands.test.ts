import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from '../../scripts/cli/commands'
import { codeBlocks, runShell } from '../support/documents'
import { type Jackstaff, seedShop, startJackstaff } from '../support/jackstaff'

// Commands of the guides: those of ours are run, or held to what --help tells; those of others name files that exist.

const ROOT = resolve(import.meta.dirname, '../..')
const OURS = /(?:npm run jackstaff --|(?<![\w./-])jackstaff) (\w+)(.*)$/
const OF_OTHERS = new Set('cd curl docker export kubectl mkdir mv node npm npx openssl sudo'.split(' '))

const guides = execFileSync('git', ['ls-files', 'README.md', 'docs/*.md'], { cwd: ROOT, encoding: 'utf8' })
  .trim()
  .split('\n')
const lines = guides.flatMap((guide) =>
  codeBlocks(guide)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => code.replaceAll('\\\n', ' ').split('\n'))
    .map((line) => ({ guide, line: line.replace(/\s#.*$/, '').trim() }))
    .filter(({ line }) => line !== '' && !line.startsWith('#')),
)
const ours = lines.filter(({ line }) => OURS.test(line))

describe('the commands of the guides', () => {
  it('are programs that people have, and name files that exist', () => {
    expect(lines.length).toBeGreaterThan(30)
    const scripts = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object })
      .scripts
    const wrong = lines.flatMap(({ guide, line }) => {
      const commands = line.split(/ && | \|\|? /).map((command) => command.replace(/^(\w+=\S+ )+/, ''))
      const unknown = commands.filter((command) => {
        const [program, verb, script] = command.split(/\s+/) as [string, string?, string?]
        if (program === 'npm' && verb === 'run') return !Object.hasOwn(scripts, script!)
        return !OF_OTHERS.has(program) && !/^[-'"$<{})]|^https?:/.test(program)
      })
      const files = [...line.matchAll(/(?<![\w/.-])((?:deploy|scripts|docs)\/[\w./-]+)/g)].map(
        ([, file]) => file!,
      )
      return [...unknown, ...files.filter((file) => !existsSync(join(ROOT, file)))].map(
        (what) => `${guide}: ${what}`,
      )
    })
    expect(wrong).toEqual([])
  })

  it('that are ours take the options that they are given', () => {
    expect(ours.length).toBeGreaterThan(8)
    const asked = ours.map(({ guide, line }) => {
      const [, verb, rest] = OURS.exec(line) as unknown as [string, string, string]
      return {
        verb,
        at: `${guide}: ${line}`,
        options: [...rest.matchAll(/--[a-z-]+/g)].map(([option]) => option),
      }
    })
    for (const { verb, at, options } of asked) {
      const usage = commands[verb]?.usage
      expect(usage, at).toBeDefined()
      for (const option of options) expect(usage, at).toContain(option)
    }
  })
})

describe('those against an installation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'commands-'))
  let jackstaff: Jackstaff
  beforeAll(async () => {
    jackstaff = await startJackstaff()
    await seedShop(jackstaff)
  })
  afterAll(async () => {
    await jackstaff?.stop()
    rmSync(folder, { recursive: true })
  })

  const run = (line: string) => {
    const { DATABASE_URL, JACKSTAFF_SECRET, PUBLIC_URL } = jackstaff.env
    const settings = { DATABASE_URL, JACKSTAFF_SECRET, PUBLIC_URL, JACKSTAFF_TOKEN: jackstaff.token }
    const exports = Object.entries(settings).map(([name, value]) => `export ${name}='${value}'`)
    const code = [...exports, line.replace('npm run jackstaff --', `node ${ROOT}/dist/jackstaff.mjs`)].join(
      '\n',
    )
    return runShell(
      { language: 'sh', name: line, code },
      { url: jackstaff.url, serverKey: '', clientKey: '' },
      folder,
    )
  }
  /** A restore is drilled in tests/integration/backup.test.ts: it wants nobody else at the database. */
  const runnable = lines.filter(
    ({ guide, line }) =>
      /^docs\/(runbook|upgrade|backup|api)\.md$/.test(guide) &&
      !/DATABASE_URL=|jackstaff -- restore/.test(line),
  )

  it('do what the guide says, in the order of the guide', async () => {
    expect(runnable.length).toBeGreaterThan(6)
    for (const { guide, line } of runnable) {
      const { code, stdout, stderr } = await run(line)
      expect(code, `${guide}: ${line}\n${stdout}${stderr}`).toBe(0)
    }
    expect(existsSync(join(folder, 'monday.backup'))).toBe(true)
  })
})
