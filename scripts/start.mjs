import { ensureInstalled, ROOT, requireNode } from './prepare.mjs'

requireNode()
process.chdir(ROOT)
await ensureInstalled()
const { buildServer } = await import('./build.mjs')
await buildServer()
process.env.NODE_ENV = 'production'
await import('../dist/server.mjs')
