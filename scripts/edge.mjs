import { ready } from './prepare.mjs'

await ready()
process.env.NODE_ENV = 'production'
await import('../dist/edge.mjs')
