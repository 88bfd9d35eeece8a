import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { connect } from '@/db/client'
import { startEmbedded } from '@/db/embedded'
import { migrate } from '@/db/migrate'

declare module 'vitest' {
  interface ProvidedContext {
    /** The test server's own database; every test makes its own from the template beside it. */
    postgresUrl: string
  }
}

const MOST_CONNECTIONS = 400 // several suites at once, some with three nodes of 30
export const TEMPLATE = 'jackstaff_template'

/** One real Postgres for all suites, with a migrated template that a test's database is copied from. */
export default async function setup(project: TestProject) {
  const dataDir = mkdtempSync(join(tmpdir(), 'jackstaff-tests-'))
  const first = await startEmbedded(dataDir)
  const setting = connect(first.url, { max: 1 })
  await setting.unsafe(`alter system set max_connections = ${MOST_CONNECTIONS}`)
  await setting.end()
  await first.stop()
  const postgres = await startEmbedded(dataDir)
  const admin = connect(postgres.url, { max: 1 })
  const [row] = await admin`select current_setting('max_connections')::int as most`
  if (row?.most !== MOST_CONNECTIONS) throw new Error(`the test server lets in ${row?.most} connections`)
  await admin.unsafe(`create database ${TEMPLATE}`)
  await admin.end()
  const template = new URL(postgres.url)
  template.pathname = `/${TEMPLATE}`
  await migrate(template.toString(), 'db/migrations')
  project.provide('postgresUrl', postgres.url)
  return async () => {
    await postgres.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
