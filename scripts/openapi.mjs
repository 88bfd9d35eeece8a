import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ensureInstalled, ROOT, say } from './prepare.mjs'

// Writes the API as its routes and their schemas are now.

const FILE = 'public/schema/openapi.json'

await ensureInstalled()
const { openApi } = await import('./openapi-document.mjs')
const document = await openApi()
mkdirSync(dirname(join(ROOT, FILE)), { recursive: true })
writeFileSync(join(ROOT, FILE), `${JSON.stringify(document, null, 2)}\n`)
say(`${FILE}: ${Object.keys(document.paths).length} paths`)
