import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: ['./db/schema.ts', './db/people.ts', './db/changes.ts', './db/webhooks.ts', './db/usage.ts'],
  out: './db/migrations',
  casing: 'snake_case',
})
