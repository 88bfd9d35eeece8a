import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))
const attw = join(root, 'tests/package/attw')

/** A project outside of ours that has our packages installed from their tarballs. */
export class Consumer {
  readonly folder = mkdtempSync(join(tmpdir(), 'consumer-'))
  /** The tarball of each side, and the files in it. */
  readonly packed: Record<string, { tarball: string; files: string[] }> = {}

  constructor(packages: readonly { readonly side: string }[]) {
    execFileSync(process.execPath, [join(root, 'scripts/build-providers.mjs')], { stdio: 'ignore' })
    for (const { side } of packages) {
      const printed = this.#npm(
        ['pack', '--json', '--pack-destination', this.folder],
        join(root, 'providers', side),
      )
      const [{ filename, files }] = JSON.parse(printed) as [{ filename: string; files: { path: string }[] }]
      const tarball = join(this.folder, filename)
      this.packed[side] = { tarball, files: files.map(({ path }) => path).sort() }
    }
    writeFileSync(join(this.folder, 'package.json'), '{ "private": true }')
    // The SDKs, their peers, are those of this repository: nothing is fetched.
    const tarballs = Object.values(this.packed).map(({ tarball }) => tarball)
    this.#npm(
      ['install', '--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', ...tarballs],
      this.folder,
    )
    symlinkSync(join(root, 'node_modules/@openfeature'), join(this.folder, 'node_modules/@openfeature'))
  }

  path(...names: string[]): string {
    return join(this.folder, ...names)
  }

  /** Runs a program that may import our packages; answers with what it prints. */
  async run(file: string, source: string, flags: string[] = []): Promise<string> {
    writeFileSync(this.path(file), source)
    const options = { cwd: this.folder, timeout: 20_000 }
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, file], options)
    return stdout.trim()
  }

  /** What TypeScript says of a file; nothing where it is content. */
  typeCheck(file: string, source: string): string {
    writeFileSync(this.path(file), source)
    const flags =
      '--module nodenext --target es2022 --lib es2023,dom --strict --noEmit --types node --ignoreConfig'
    const typeRoots = ['--typeRoots', join(root, 'node_modules/@types')]
    const tsc = join(root, 'node_modules/.bin/tsc')
    return execFileSync(tsc, [...flags.split(' '), ...typeRoots, file], {
      cwd: this.folder,
      encoding: 'utf8',
    })
  }

  /** What "Are the types wrong?" says of a tarball. */
  attw(side: string): { problems: unknown[]; types: Record<string, string> } {
    if (!existsSync(join(attw, 'node_modules')))
      this.#npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], attw)
    const args = [join(attw, 'check.mjs'), this.packed[side]!.tarball]
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }

  #npm(args: string[], cwd: string): string {
    return execFileSync('npm', [...args, '--silent'], { cwd, encoding: 'utf8' })
  }
}
