import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium } from '@playwright/test'
import { build } from 'esbuild'
import { EdgeRuntime } from 'next/dist/compiled/edge-runtime'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumOptions } from '../support/chromium'
import { configOf } from '../support/configs'
import { Consumer } from '../support/consumer'
import { evaluationConfig } from '../support/evaluation-flags'
import { matching } from '../support/patterns'
import { freePort, until } from '../support/process'
import { CLIENT_KEY, ProtocolServer, SERVER_KEY } from '../support/protocol-server'

const flags = { ...evaluationConfig.flags, pattern: matching('^x+$') }
const server = new ProtocolServer({ ...evaluationConfig, flags }, await freePort())
/** Where nobody listens. */
const nowhere = `http://127.0.0.1:${await freePort()}`
let consumer: Consumer

const packages = [
  { side: 'server', name: '@jackstaff/openfeature-server', provider: 'JackstaffProvider', key: SERVER_KEY },
  { side: 'web', name: '@jackstaff/openfeature-web', provider: 'JackstaffWebProvider', key: CLIENT_KEY },
] as const

/** Bytes; scripts/build-providers.mjs refuses to build what is larger. */
const BUDGETS = { 'index.js': 7_100, 'live.js': 7_100, 'engine.js': 23_000, 'regex.js': 48_000 } as Record<
  string,
  number
>

beforeAll(async () => {
  consumer = new Consumer(packages)
  await server.start()
}, 180_000)
afterAll(async () => {
  await server.stop()
  consumer.remove()
})

describe.each(packages)('$name', ({ side, name, provider, key }) => {
  const sdk = `@openfeature/${side}-sdk`
  /** Option: the bootstrap is a whole config. */
  const whole = side === 'web' ? ", mode: 'full'" : ''
  const types = () => readFileSync(consumer.path('node_modules', name, 'dist/index.d.ts'), 'utf8')

  it('P25: ships its bundles, its types, its README and its license, and nothing else', () => {
    expect(consumer.packed[side]!.files).toEqual([
      'LICENSE',
      'README.md',
      ...(side === 'server' ? ['dist/cli.js'] : ['dist/engine.cjs', 'dist/engine.js']),
      'dist/index.cjs',
      'dist/index.d.cts',
      'dist/index.d.ts',
      'dist/index.js',
      ...(side === 'web' ? ['dist/live.cjs', 'dist/live.js'] : []),
      'dist/regex.cjs',
      'dist/regex.js',
      'package.json',
    ])
  })

  it('P25: exports one provider, under ESM and under CommonJS', async () => {
    const print = 'console.log(Object.keys(it).sort().join())'
    expect(await consumer.run('names.mjs', `import * as it from '${name}'; ${print}`)).toBe(provider)
    expect(await consumer.run('names.cjs', `const it = require('${name}'); ${print}`)).toBe(provider)
  })

  it('P25: exports these types, and refers to no file outside itself', () => {
    const exported = [...types().matchAll(/^export (?:type )?\{ (.*) \};?$/gm)].flatMap(([, names]) =>
      names!.split(', '),
    )
    const options = `${provider}Options`
    expect(exported.sort()).toEqual(
      side === 'web' ? ['ConfigStorage', provider, options] : [provider, options],
    )
    expect([...types().matchAll(/from '(.*)'/g)].map(([, from]) => from)).toEqual([sdk, sdk])
  })

  it.each(['mts', 'cts'])('P25: type-checks in a consumer that is a .%s', (extension) => {
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
    expect(consumer.typeCheck(file, source)).toBe('')
  })

  it.each(['mjs', 'cjs'])(
    'P25: reads patterns by a file that is loaded for them alone, in a .%s',
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
          const provider = new ${provider}({ url: '${nowhere}', key: '${key}', bootstrap: bootstrap(flags)${whole} })
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
        await consumer.run(`patterns-${side}.${extension}`, source),
      )
      expect(without).toEqual(['FLAG_NOT_FOUND', 'FLAG_NOT_FOUND'])
      expect(withPatterns).toEqual([true, false])
      if (extension === 'cjs') expect([before, after]).toEqual([false, true])
    },
  )

  it('P25: is clean in the eyes of publint', async () => {
    const { messages } = await publint({ pkgDir: consumer.path('node_modules', name), strict: true })
    expect(messages).toEqual([])
  })

  it('P25: has its types found by every way to resolve them, and right, in the eyes of attw', () => {
    expect(consumer.attw(side)).toEqual({
      problems: [],
      types: {
        node10: 'dist/index.d.ts',
        'node16-cjs': 'dist/index.d.cts',
        'node16-esm': 'dist/index.d.ts',
        bundler: 'dist/index.d.ts',
      },
    })
  }, 120_000)

  it('P25: has these public members, and no others', async () => {
    const source = `
      import { ${provider} as It } from '${name}'
      const members = Object.getOwnPropertyNames(It.prototype)
      const fields = Object.keys(new It({ url: '${nowhere}', key: '${key}' }))
      console.log([...members, ...fields].sort().join(' '))
    `
    const resolves = ['Boolean', 'Number', 'Object', 'String'].map((type) => `resolve${type}Evaluation`)
    const own = side === 'web' ? ['domainScoped', 'onContextChange'] : ['residual']
    const both = 'constructor evaluate events flag initialize metadata onClose runsOn track'.split(' ')
    expect(await consumer.run(`members-${side}.mjs`, source)).toBe(
      [...both, ...own, ...resolves].sort().join(' '),
    )
  })

  it('P18 (2.5.1), P25: answers without eval and `new Function`, on every path, and lets the process exit', async () => {
    const source = `
      import { OpenFeature } from '${sdk}'
      import { ${provider} } from '${name}'
      await OpenFeature.setProviderAndWait(new ${provider}({ url: '${server.url}', key: '${key}'${whole} }))
      const client = OpenFeature.getClient()
      const context = { targetingKey: 'user-1', country: 'DE', a: 'xx' }
      ${side === 'web' ? 'await OpenFeature.setContext(context)' : ''}
      const keys = ${JSON.stringify(Object.keys(server.config.flags))}
      const answers = await Promise.all(keys.map((key) => client.getBooleanDetails(key, false, context)))
      let eval_ = 'allowed'
      try { eval_ = new Function('return 1')() } catch { eval_ = 'refused' }
      await OpenFeature.close()
      const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout')
      console.log(eval_, timers.length, answers.map(({ reason }) => reason).sort().join(' '))
    `
    const flags = ['--disallow-code-generation-from-strings']
    expect(await consumer.run(`exits-${side}.mjs`, source, flags)).toBe(
      'refused 0 DEFAULT DISABLED DISABLED DISABLED ERROR ERROR ERROR ERROR ERROR SPLIT STATIC TARGETING_MATCH TARGETING_MATCH',
    )
    await until('its stream to be closed', () => server.streams === 0)
  })

  it('P18: holds no process while it waits for a server that is away', async () => {
    const source = `
      import { OpenFeature } from '${sdk}'
      import { ${provider} } from '${name}'
      const bootstrap = ${JSON.stringify(server.config)}
      const options = { url: '${nowhere}', key: '${key}', bootstrap${whole} }
      await OpenFeature.setProviderAndWait(new ${provider}(options))
      const details = await OpenFeature.getClient().getStringDetails('string', 'the default')
      OpenFeature.getClient().addHandler('PROVIDER_STALE', () => {
        const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout')
        console.log(details.value, details.reason, timers.length)
      })
    `
    expect(await consumer.run(`waits-${side}.mjs`, source)).toBe('text CACHED 0')
  })
})

describe('the web package, bundled from its tarball', () => {
  it('P26: keeps to its budget, by file', () => {
    const dist = (file: string) => consumer.path('node_modules/@jackstaff/openfeature-web/dist', file)
    const sizes = Object.keys(BUDGETS).map((file) => {
      return [file, gzipSync(readFileSync(dist(file)), { level: 9 }).length] as const
    })
    console.log('the web provider, gzipped:', Object.fromEntries(sizes))
    const over = sizes.filter(([file, bytes]) => bytes > BUDGETS[file]!)
    expect(over).toEqual([])
  })

  /** An application of one file, and of those that it loads when it needs them. */
  async function bundle(format: 'esm' | 'iife', source: string) {
    const { outputFiles } = await build({
      stdin: { contents: source, resolveDir: consumer.folder },
      bundle: true,
      splitting: format === 'esm',
      format,
      write: false,
      outdir: consumer.folder,
      entryNames: 'app',
    })
    return new Map(outputFiles.map(({ path, text }) => [basename(path), text]))
  }
  const reasons = (url: string) => `
    import { OpenFeature } from '@openfeature/web-sdk'
    import { JackstaffWebProvider } from '@jackstaff/openfeature-web'
    const answers = async () => {
      await OpenFeature.setContext({ targetingKey: 'user-1', country: 'DE', a: 'xx' })
      const provider = new JackstaffWebProvider({ url: '${url}', key: '${CLIENT_KEY}', mode: 'full' })
      await OpenFeature.setProviderAndWait(provider)
      const keys = ['boolean', 'half', 'german', 'pattern']
      const found = keys.map((key) => OpenFeature.getClient().getBooleanDetails(key, false).reason)
      await OpenFeature.close()
      return found.join(' ')
    }
  `
  const expected = 'STATIC SPLIT TARGETING_MATCH TARGETING_MATCH'

  it('P25: works in Chromium under a strict Content-Security-Policy', async () => {
    const files = await bundle('esm', `${reasons(server.url)}\nglobalThis.answers = answers`)
    expect(files.size).toBeGreaterThan(1) // regular expressions are a file of their own
    const browser = await chromium.launch(chromiumOptions)
    const page = await browser.newPage()
    const headers = {
      'content-security-policy':
        "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'",
    }
    await page.route('**/app/*', (route) => {
      const body = files.get(basename(route.request().url()))
      return body === undefined
        ? route.fulfill({
            contentType: 'text/html',
            headers,
            body: '<script type="module" src="app.js"></script>',
          })
        : route.fulfill({ contentType: 'text/javascript', headers, body })
    })
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', ({ message }) => complaints.push(message))
    await page.goto(`${server.url}/app/`)
    await page.waitForFunction('globalThis.answers')
    expect(await page.evaluate('answers()')).toBe(expected)
    expect(complaints).toEqual([])
    expect(
      await page.evaluate("import('data:text/javascript,1').then(() => 'allowed', () => 'refused')"),
    ).toBe('refused')
    await browser.close()
  })

  it('P25: works in the edge runtime', async () => {
    const files = await bundle('iife', `${reasons(server.url)}\nglobalThis.answers = answers`)
    const runtime = new EdgeRuntime()
    runtime.evaluate(files.get('app.js')!)
    expect(await runtime.evaluate('answers()')).toBe(expected)
    expect(() => runtime.evaluate("new Function('return 1')")).toThrow(/disallowed/)
  })
})
