/** The code of a failed statement, SQLSTATE or the driver's own; drizzle wraps the driver's error. */
export function databaseErrorCode(error: unknown): string | undefined {
  const cause = (error as { cause?: unknown } | null)?.cause ?? error
  const code = (cause as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}

// The driver's and the socket's names for "nobody there"; SQLSTATE classes 08 (connection), 53 (resources), 57P (shutdown)
// and 57014 (a statement over its time).
const UNAVAILABLE =
  /^(CONNECT_TIMEOUT|CONNECTION_\w+|ECONN\w+|EPIPE|ENOENT|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|08...|53...|57P..|57014)$/

/** Whether the database could not be asked, as opposed to having refused. */
export const isUnavailable = (error: unknown) => UNAVAILABLE.test(databaseErrorCode(error) ?? '')
