import type postgres from 'postgres'

// What the driver, the socket and the server (classes 08 and 57P, idle sessions) call a connection that is gone.
const GONE = /^(CONNECTION_\w+|CONNECT_TIMEOUT|ECONN\w+|EPIPE|ETIMEDOUT|08...|57P..|25P0[34])$/

// What a connection says for the one before it: the driver tells the end of that one to whoever comes next (#1215).
const STALE = /^(CONNECTION_CLOSED|57P0[12]|25P0[34])$/
const ATTEMPTS = 10 // each connection of a pool may be stale once

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } }
  return String(cause?.code ?? code)
}

type Run = (tx: postgres.TransactionSql) => Promise<unknown>

/**
 * Lets a transaction end with its connection. Left alone, the driver sends ROLLBACK after the loss, to a socket that is
 * no longer there: the process crashes, or every later connection in that place is spoilt (porsager/postgres#1133, #1208).
 * A transaction that rests instead is rejected by the driver when the connection closes. One that could not begin is
 * tried again: nothing was done.
 */
export function endWithConnection<S extends Pick<postgres.Sql, 'begin'>>(sql: S): S {
  const begin = sql.begin.bind(sql) as (run: Run) => Promise<unknown>
  const resting: typeof begin = async (run) => {
    for (let left = ATTEMPTS; ; left--) {
      let begun = false
      try {
        return await begin((tx) => {
          begun = true
          return run(tx).catch((error: unknown) => {
            if (GONE.test(codeOf(error))) return new Promise(() => {})
            throw error
          })
        })
      } catch (error) {
        if (begun || left <= 1 || !STALE.test(codeOf(error))) throw error
      }
    }
  }
  return Object.assign(sql, { begin: resting })
}
