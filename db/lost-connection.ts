import type postgres from 'postgres'

// What the driver, the socket and the server (classes 08 and 57P, idle sessions) call a connection that is gone.
const GONE = /^(CONNECTION_\w+|CONNECT_TIMEOUT|ECONN\w+|EPIPE|ETIMEDOUT|08...|57P..|25P0[34])$/

function isGone(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } }
  return GONE.test(String(cause?.code ?? code))
}

/**
 * Lets a transaction end with its connection. Left alone, the driver sends ROLLBACK after the loss, to a socket that is
 * no longer there: the process crashes, or every later connection in that place is spoilt (porsager/postgres#1133, #1208).
 * A transaction that rests instead is rejected by the driver when the connection closes.
 */
export function endWithConnection<S extends Pick<postgres.Sql, 'begin'>>(sql: S): S {
  const begin = sql.begin.bind(sql) as (
    run: (tx: postgres.TransactionSql) => Promise<unknown>,
  ) => Promise<unknown>
  const resting: typeof begin = (run) =>
    begin((tx) =>
      run(tx).catch((error: unknown) => {
        if (isGone(error)) return new Promise(() => {})
        throw error
      }),
    )
  return Object.assign(sql, { begin: resting })
}
