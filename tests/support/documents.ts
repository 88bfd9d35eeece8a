import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { transformSync } from 'esbuild'

export type Block = { readonly language: string; readonly name: string; readonly code: string }

const ROOT = resolve(import.meta.dirname, '../..')

/** The code of a Markdown file. A first line such as `// flags.ts` names a block. */
export function codeBlocks(document: string): Block[] {
  const text = readFileSync(join(ROOT, document), 'utf8')
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, code], i) => ({
    language: language!,
    name: /^\/\/ (\S+\.tsx?)\n/.exec(code!)?.[1] ?? `block-${i}.${language}`,
    code: code!,
  }))
}

/** One block: the only one of its language, or the one of that name. */
export function blockOf(document: string, wanted: string): Block {
  const found = codeBlocks(document).filter(({ name, language }) => name === wanted || language === wanted)
  if (found[0] === undefined) throw new Error(`${document} has no code that is "${wanted}"`)
  return found[0]
}

export type Setting = { readonly url: string; readonly serverKey: string; readonly clientKey: string }

/** The code with the addresses and keys of a test in the place of those that readers replace. */
export const settled = (code: string, { url, clientKey }: Setting) =>
  code.replaceAll('http://localhost:3000', url).replaceAll('jks_cli_...', clientKey)

export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** Runs a block in Node, as a file in `folder`, whose packages it then finds. */
export function runBlock(
  block: Block,
  setting: Setting,
  { folder = 'dist', cwd = ROOT, flags = [] as string[] } = {},
): Promise<Ran> {
  const file = join(ROOT, folder, 'documents', block.name.replace(/\.tsx?$/, '.mjs'))
  const code = settled(block.code, setting)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(
    file,
    block.language === 'ts' ? transformSync(code, { loader: 'ts', target: 'es2022' }).code : code,
  )
  return runProgram(process.execPath, [...flags, file], cwd, setting)
}

/** Runs a block of a shell. */
export const runShell = (block: Block, setting: Setting, cwd = ROOT) =>
  runProgram('bash', ['--norc', '-euc', settled(block.code, setting)], cwd, setting)

function runProgram(program: string, args: string[], cwd: string, { serverKey }: Setting): Promise<Ran> {
  const env = { ...process.env, JACKSTAFF_SERVER_KEY: serverKey, NODE_TEST_CONTEXT: undefined }
  return new Promise((done) => {
    execFile(program, args, { cwd, env, timeout: 30_000 }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code ?? 1) : 0, stdout: stdout.trim(), stderr: stderr.trim() }),
    )
  })
}
