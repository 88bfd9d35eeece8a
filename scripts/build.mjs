import { run, say, unlessDone } from './prepare.mjs'

const SHARED = ['lib', 'db', 'package-lock.json', 'tsconfig.json']

/** The dashboard and the two entries, when their sources changed. */
export async function buildServer() {
  await unlessDone(
    '.next/jackstaff-built',
    [...SHARED, 'app', 'public', 'next.config.mjs', 'postcss.config.mjs'],
    () => {
      say('Building the dashboard (once a change; takes about half a minute).')
      run(process.execPath, ['node_modules/next/dist/bin/next', 'build'])
    },
  )
  await unlessDone(
    'dist/built',
    [
      ...SHARED,
      'server.ts',
      'edge.ts',
      'scripts/build.mjs',
      'scripts/cli',
      'providers/server/src/cli',
      'providers/sync',
    ],
    async () => {
      const { build } = await import('esbuild')
      await build({
        absWorkingDir: process.cwd(),
        entryPoints: [
          'server.ts',
          'edge.ts',
          'scripts/cli/sign-in-link.ts',
          'scripts/cli/seed-demo.ts',
          'scripts/cli/seed-large.ts',
          'scripts/cli/jackstaff.ts',
          'scripts/cli/break-glass.ts',
        ],
        entryNames: '[name]',
        outdir: 'dist',
        outExtension: { '.js': '.mjs' },
        bundle: true,
        platform: 'node',
        format: 'esm',
        target: 'node20',
        packages: 'external',
        sourcemap: 'linked',
        logLevel: 'warning',
      })
    },
  )
}

/** The OpenFeature providers, as they are published. */
export async function buildProviders() {
  await unlessDone(
    'dist/providers-built',
    ['providers', 'lib/evaluation', 'lib/regex.ts', 'package-lock.json', 'scripts/build-providers.mjs'],
    () => run(process.execPath, ['scripts/build-providers.mjs']),
  )
}
