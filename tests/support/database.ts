import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { connect } from '@/db/client'
import { TEMPLATE } from './global-setup'

export type TestDatabase = { url: string; drop(): Promise<void> }

/** A migrated, empty database of its own, in a few hundred milliseconds. */
export async function freshDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const url = new URL(inject('postgresUrl'))
  const admin = connect(url.toString(), { max: 1 })
  await admin.unsafe(`create database ${name} template ${TEMPLATE}`)
  url.pathname = `/${name}`
  return {
    url: url.toString(),
    async drop() {
      await admin.unsafe(`drop database if exists ${name} with (force)`)
      await admin.end()
    },
  }
}
