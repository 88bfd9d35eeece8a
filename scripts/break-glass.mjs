import { ready } from './prepare.mjs'

await ready()
await import('../dist/break-glass.mjs')
