import { ready } from './prepare.mjs'

await ready()
await import('../dist/sign-in-link.mjs')
