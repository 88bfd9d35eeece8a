import { ready } from './prepare.mjs'

await ready({ providers: true })
