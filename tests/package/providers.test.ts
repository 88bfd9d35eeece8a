import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configOf, serving } from '../support/configs'
import { matching } from '../support/patterns'
import { CLIENT_KEY, ProtocolServer, SERVER_KEY } from '../support/protocol-server'

const root = fileURLToPath(new URL('../..', import.meta.url))
const server = new ProtocolServer(configOf(1, { banner: serving('hello') }), 7240)
let consumer: string

const packages = [
  { side: 'server', name: '@jackstaff/openfeature-server', provider: 'JackstaffProvider', key: SERVER_KEY },
  { side: 'web', name: '@jackstaff/openfeature-web', provider: 'JackstaffWebProvider', key: CLIENT_KEY },
] as const

/** Installs a tarball by hand: no registry, no network. */
function install(side: string, name: string): string[] {
  const packed = execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', consumer], {
    cwd: join(root, 'providers', side),
    encoding: 'utf8',
  })
  const [{ filename, files }] = JSON.parse(packed) as [{ filename: string; files: { path: string }[] }]
  const target = join(consumer, 'node_modules', name)
  mkdirSync(target, { recursive: true })
  execFileSync('tar', ['-xzf', join(consumer, filename), '-C', target, '--strip-components=1'])
  return files.map(({ path }) => path).sort()
}

async function run(file: string, source: string, flags: string[] = []): Promise<string> {
  writeFileSync(join(consumer, file), source)
  const options = { cwd: consumer, timeout: 20_000 }
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, file], options)
  return stdout.trim()
}

const packedFiles: Record<string, string[]> = {}

beforeAll(async () => {
  execFileSync(process.execPath, [join(root, 'scripts/build-providers.mjs')], { stdio: 'ignore' })
  consumer = mkdtempSync(join(tmpdir(), 'consumer-'))
  mkdirSync(join(consumer, 'node_modules'))
  symlinkSync(join(root, 'node_modules/@openfeature'), join(consumer, 'node_modules/@openfeature'))
  for (const { side, name } of packages) packedFiles[side] = install(side, name)
  await server.start()
})
afterAll(async () => {
  await server.stop()
  rmSync(consumer, { recursive: true })
})

describe.each(packages)('$name', ({ side, name, provider, key }) => {
  const sdk = `@openfeature/${side}-sdk`
  /** Option: the bootstrap is a whole config. */
  const whole = side === 'web' ? ", mode: 'full'" : ''
  const types = () => readFileSync(join(consumer, 'node_modules', name, 'dist/index.d.ts'), 'utf8')

  it('ships its bundles, its types, its README and its license, and nothing else', () => {
    expect(packedFiles[side]).toEqual([
      'LICENSE',
      'README.md',
      ...(side === 'server' ? ['dist/cli.js'] : ['dist/engine.cjs', 'dist/engine.js']),
      'dist/index.cjs',
      'dist/index.d.cts',
      'dist/index.d.ts',
      'dist/index.js',
      'dist/regex.cjs',
      'dist/regex.js',
      'package.json',
    ])
  })

  it('exports one provider, under ESM and under CommonJS', async () => {
    const print = 'console.log(Object.keys(it).sort().join())'
    expect(await run('names.mjs', `import * as it from '${name}'; ${print}`)).toBe(provider)
    expect(await run('names.cjs', `const it = require('${name}'); ${print}`)).toBe(provider)
  })

  it('exports these types, and refers to no file outside itself', () => {
    const exported = [...types().matchAll(/^export (?:type )?\{ (.*) \};?$/gm)].flatMap(([, names]) =>
      names!.split(', '),
    )
    const options = `${provider}Options`
    expect(exported.sort()).toEqual(
      side === 'web' ? ['ConfigStorage', provider, options] : [provider, options],
    )
    expect([...types().matchAll(/from '(.*)'/g)].map(([, from]) => from)).toEqual([sdk, sdk])
  })

  it.each(['mts', 'cts'])('type-checks in a consumer that is a .%s', (extension) => {
    const file = `consumer-${side}.${extension}`
    const source = `
      import { OpenFeature, type Provider } from '${sdk}'
      import { ${provider}, type ${provider}Options } from '${name}'
      const options: ${provider}Options = { url: 'https://flags.example.com', key: 'k', initTimeoutMs: 100 }
      const provider: Provider = new ${provider}(options)
      OpenFeature.setProvider('shop', provider)
      const { value }: { value: number } = new ${provider}(options).evaluate<number>('n', 1, { plan: 'pro' })
      const flag = new ${provider}(options).flag('f', false)
      const is: boolean = flag.value({ targetingKey: 'user-1' }) || flag.evaluate().value === true
      // @ts-expect-error: a boolean default makes a boolean flag
      export const text: string = flag.value()
      // @ts-expect-error: the key is not optional
      export const wrong = [new ${provider}({ url: 'x' }), value, is]
    `
    writeFileSync(join(consumer, file), source)
    const flags = [
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--lib',
      'es2023,dom',
      '--strict',
      '--noEmit',
    ]
    const typeRoots = ['--typeRoots', join(root, 'node_modules/@types'), '--types', 'node', '--ignoreConfig']
    const check = () =>
      execFileSync(join(root, 'node_modules/.bin/tsc'), [...flags, ...typeRoots, file], {
        cwd: consumer,
        encoding: 'utf8',
      })
    expect(check()).toBe('')
  })

  it.each(['mjs', 'cjs'])(
    'reads patterns by a file that is loaded for them alone, in a .%s',
    async (extension) => {
      const load = extension === 'mjs' ? 'await import' : 'require'
      const loaded =
        extension === 'mjs' ? 'null' : "Object.keys(require.cache).some((f) => f.endsWith('regex.cjs'))"
      const source = `
      ;(async () => {
        const { ${provider} } = ${load}('${name}')
        const flag = ${JSON.stringify(matching('^x+$'))}
        const bootstrap = (flags) => ({ ...${JSON.stringify(configOf(1))}, flags })
        const answer = async (flags) => {
          const provider = new ${provider}({ url: 'http://127.0.0.1:7249', key: '${key}', bootstrap: bootstrap(flags)${whole} })
          await provider.initialize()
          const answers = ['xx', 'y'].map((a) => provider.evaluate('flag', false, { a }))
            .map(({ errorCode, value }) => errorCode ?? value)
          await provider.onClose()
          return answers
        }
        console.log(JSON.stringify([await answer({}), ${loaded}, await answer({ flag }), ${loaded}]))
      })()
    `
      const [without, before, withPatterns, after] = JSON.parse(
        await run(`patterns-${side}.${extension}`, source),
      )
      expect(without).toEqual(['FLAG_NOT_FOUND', 'FLAG_NOT_FOUND'])
      expect(withPatterns).toEqual([true, false])
      if (extension === 'cjs') expect([before, after]).toEqual([false, true])
    },
  )

  it('is clean in the eyes of publint', async () => {
    const { messages } = await publint({ pkgDir: join(consumer, 'node_modules', name), strict: true })
    expect(messages).toEqual([])
  })

  it('P18 and P25: works without eval, and lets the process exit once it is closed', async () => {
    const source = `
      import { OpenFeature } from '${sdk}'
      import { ${provider} } from '${name}'
      await OpenFeature.setProviderAndWait(new ${provider}({ url: '${server.url}', key: '${key}' }))
      console.log(await OpenFeature.getClient().getStringValue('banner', 'the default'))
      await OpenFeature.close()
    `
    const startedAt = performance.now()
    expect(await run(`exits-${side}.mjs`, source, ['--disallow-code-generation-from-strings'])).toBe('hello')
    expect(performance.now() - startedAt).toBeLessThan(4_000)
  })

  it('P18: lets the process exit while it waits for a server that is away', async () => {
    const source = `
      import { OpenFeature } from '${sdk}'
      import { ${provider} } from '${name}'
      const bootstrap = ${JSON.stringify(server.config)}
      const options = { url: 'http://127.0.0.1:7249', key: '${key}', bootstrap${whole} }
      await OpenFeature.setProviderAndWait(new ${provider}(options))
      const details = await OpenFeature.getClient().getStringDetails('banner', 'the default')
      console.log(details.value, details.reason)
    `
    const startedAt = performance.now()
    expect(await run(`waits-${side}.mjs`, source)).toBe('hello CACHED')
    expect(performance.now() - startedAt).toBeLessThan(4_000)
  })
})
