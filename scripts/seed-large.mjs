import { ready } from './prepare.mjs'

/** Fills the database of `npm start`, or that of DATABASE_URL, with an installation of 10,000 flags. */

await ready()
await import('../dist/seed-large.mjs')
