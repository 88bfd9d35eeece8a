import { prepareExamples } from './examples.mjs'
import { ready } from './prepare.mjs'

await ready({ providers: true })
await prepareExamples()
