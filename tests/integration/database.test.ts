import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '@/db/client'
import { freshDatabase, type TestDatabase } from '../support/database'

let database: TestDatabase
let sql: ReturnType<typeof connect>
let killer: ReturnType<typeof connect>
beforeAll(async () => {
  database = await freshDatabase()
  sql = connect(database.url, { max: 2 })
  killer = connect(database.url, { max: 1 })
  await sql`create table kept (n int)`
})
afterAll(async () => {
  await sql?.end()
  await killer?.end()
  await database?.drop()
})

describe('a transaction whose connection is lost', () => {
  it('is rejected and undone, and neither the process nor the pool suffers', async () => {
    for (let round = 0; round < 5; round++) {
      const lost = [1, 2, 3, 4].map((n) =>
        sql.begin(async (tx) => {
          await tx`insert into kept values (${n})`
          const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
          await Promise.all([tx`select pg_sleep(1)`, killer`select pg_terminate_backend(${row!.pid})`])
        }),
      )
      const outcomes = await Promise.allSettled(lost)
      expect(outcomes.map(({ status }) => status)).toEqual(Array(4).fill('rejected'))
      const next = [1, 2, 3, 4, 5, 6].map((n) =>
        sql.begin((tx) => tx`select ${n}::int as n`.then(([row]) => row!.n)),
      )
      expect(await Promise.all(next)).toEqual([1, 2, 3, 4, 5, 6])
    }
    expect(await sql`select * from kept`).toHaveLength(0)
  })

  it('is no reason to keep what a failing transaction wrote', async () => {
    const failing = sql.begin(async (tx) => {
      await tx`insert into kept values (1)`
      throw new Error('it changed its mind')
    })
    await expect(failing).rejects.toThrow('it changed its mind')
    expect(await sql`select * from kept`).toHaveLength(0)
  })
})
