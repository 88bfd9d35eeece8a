/** Who may import whom: docs/ARCHITECTURE.md draws it, tests/structure.test.ts proves that each rule fires. */

// dependency-cruiser reads TypeScript 7 through swc, but tells it neither of JSX nor of type-only imports. Under app/
// types may come from anywhere: they are gone in the browser. Everywhere else a type is a dependency like any other.
const swc = require('@swc/core')
const { parseFileSync } = swc
const isTypeOnly = ({ type, typeOnly, specifiers = [] }) =>
  type === 'ImportDeclaration' &&
  (typeOnly || (specifiers.length > 0 && specifiers.every((s) => s.isTypeOnly)))
swc.parseFileSync = (file, options) => {
  const ast = parseFileSync(file, { ...options, tsx: file.endsWith('x') })
  if (/(^|\/)app\//.test(file)) ast.body = ast.body.filter((item) => !isTypeOnly(item))
  return ast
}

const TESTS = '\\.test\\.tsx?$|^tests/|^bench/'

module.exports = {
  forbidden: [
    {
      name: 'evaluation-is-pure',
      comment: 'The engine runs in browsers, edge runtimes and providers: pass what it needs as arguments.',
      severity: 'error',
      from: { path: '^lib/evaluation/', pathNot: TESTS },
      to: { pathNot: '^lib/evaluation/' },
    },
    {
      name: 'interop-is-pure',
      comment:
        'Reading and writing the formats of others is a matter of values: pass what it needs as arguments.',
      severity: 'error',
      from: { path: '^lib/interop/', pathNot: TESTS },
      to: { pathNot: '^lib/(interop|evaluation)/' },
    },
    {
      name: 'providers-stand-alone',
      comment:
        'Providers are published packages: they may bundle lib/evaluation, lib/regex and providers/sync, nothing else of ours.',
      severity: 'error',
      from: { path: '^providers/(server|web)/', pathNot: TESTS },
      to: { path: '^(app|lib|db|bench|examples|scripts)/', pathNot: '^lib/(evaluation/|regex\\.ts)' },
    },
    {
      name: 'providers-do-not-mix',
      comment: 'What the two providers share belongs in providers/sync.',
      severity: 'error',
      from: { path: '^providers/(server|web|sync)/', pathNot: TESTS },
      to: { path: '^providers/(server|web)/', pathNot: '^providers/$1/' },
    },
    {
      name: 'sync-knows-no-sdk',
      comment: 'providers/sync keeps a config current; what an SDK needs of that belongs in the provider.',
      severity: 'error',
      from: { path: '^providers/sync/', pathNot: TESTS },
      to: { path: '@openfeature|^(app|lib|db)/', pathNot: '^lib/(evaluation/|regex\\.ts)' },
    },
    {
      name: 'planes-meet-in-postgres',
      comment: 'Control writes versions, delivery reads them: share through db/, never by a call.',
      severity: 'error',
      from: { path: '^lib/(control|auth|http)/' },
      to: { path: '^lib/delivery/' },
    },
    {
      name: 'delivery-is-light',
      comment: 'Delivery starts in an edge process: no Next, no React, no control, no auth, no HTTP wrapper.',
      severity: 'error',
      from: { path: '^(lib/delivery/|edge\\.ts)', pathNot: TESTS },
      to: { path: '^(lib/(control|auth|http)|app)/|node_modules/(next|react|react-dom|next-auth)/' },
    },
    {
      name: 'edge-reaches-no-next',
      comment: 'Whatever edge.ts imports, however far, must stay free of Next and React.',
      severity: 'error',
      from: { path: '^edge\\.ts$' },
      to: { path: 'node_modules/(next|react|react-dom|next-auth)/', reachable: true },
    },
    {
      name: 'control-knows-no-http',
      comment: 'Control answers with values and throws ControlError; lib/http dresses them.',
      severity: 'error',
      from: { path: '^lib/control/', pathNot: TESTS },
      to: { path: '^(lib/(http|auth)|app)/|node_modules/(next|react)/' },
    },
    {
      name: 'lib-never-imports-app',
      comment: 'lib/ is below app/: move what both need down.',
      severity: 'error',
      from: { path: '^(lib|db|providers)/' },
      to: { path: '^app/' },
    },
    {
      name: 'db-is-below',
      comment: 'db/ knows types of the engine and the environment, nothing of the planes.',
      severity: 'error',
      from: { path: '^db/', pathNot: TESTS },
      to: { path: '^lib/', pathNot: '^lib/(evaluation/|env\\.ts)' },
    },
    {
      name: 'browser-code-stays-in-the-browser',
      comment: 'Under app/ only page, layout and route files reach the server: fetch there, pass props down.',
      severity: 'error',
      from: { path: '^app/', pathNot: '(page|layout|route|not-found|loading)\\.tsx?$|\\.test\\.tsx?$' },
      to: { path: '^(db|lib/(control|auth|http|delivery))/|^lib/(env|log|secrets)\\.ts' },
    },
    {
      name: 'ui-knows-no-flags',
      comment: 'app/_ui is the design system: what knows the product belongs in app/_components.',
      severity: 'error',
      from: { path: '^app/_ui/' },
      to: { path: '^(lib|db|providers|app/(?!_ui/))' },
    },
    {
      name: 'next-auth-in-one-place',
      comment: 'Sign-in methods change; lib/auth/sso/next-auth.ts is the only one to notice.',
      severity: 'error',
      from: { pathNot: '^lib/auth/sso/next-auth\\.ts$' },
      to: { path: 'node_modules/next-auth/' },
    },
    {
      name: 'grpc-in-one-place',
      comment: 'gRPC is loaded where its port is set, by lib/delivery/flagd-sync/serve.ts alone.',
      severity: 'error',
      from: { pathNot: `^lib/delivery/flagd-sync/serve\\.ts$|${TESTS}` },
      to: { path: 'node_modules/@grpc/' },
    },
    {
      name: 'no-test-code-in-production',
      comment: 'What production needs from a test helper is not a test helper: move it.',
      severity: 'error',
      from: { path: '^(app|lib|db|providers|server\\.ts|edge\\.ts)', pathNot: TESTS },
      to: { path: `${TESTS}|node_modules/(vitest|fast-check|@playwright)/` },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'Nothing imports this and it is no entry: delete it.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: `${TESTS}|\\.d\\.ts$|(^|/)(page|layout|route|error|not-found|loading)\\.tsx?$|\\.config\\.(ts|mjs|cjs)$|^scripts/|^examples/`,
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.next|\\.jackstaff)/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json'] },
  },
}
