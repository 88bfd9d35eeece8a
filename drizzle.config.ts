import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: [
    './db/schema.ts',
    './db/people.ts',
    './db/changes.ts',
    './db/webhooks.ts',
    './db/usage.ts',
    './db/sso.ts',
    './db/sso-attempts.ts',
    './db/views.ts',
  ],
  out: './db/migrations',
  casing: 'snake_case',
})
