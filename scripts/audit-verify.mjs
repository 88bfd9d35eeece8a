import { ready } from './prepare.mjs'

await ready()
await import('../dist/audit-verify.mjs')
