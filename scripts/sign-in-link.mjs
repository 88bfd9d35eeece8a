import { ensureInstalled, ROOT, requireNode } from './prepare.mjs'

requireNode()
process.chdir(ROOT)
await ensureInstalled()
const { buildServer } = await import('./build.mjs')
await buildServer()
await import('../dist/sign-in-link.mjs')
