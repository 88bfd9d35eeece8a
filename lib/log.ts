import pino from 'pino'
import { logLevel } from './env'

/** The driver's own error: drizzle's around it quotes the statement with everything that was passed in. */
function withoutParameters(error: unknown) {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? pino.stdSerializers.err(cause) : cause
}

/** Structured logs on standard output. What could hold a secret never reaches it. */
export const log = pino({
  level: logLevel(),
  base: undefined,
  serializers: { err: withoutParameters },
  redact: {
    paths: [
      'authorization',
      'cookie',
      'token',
      'key',
      'secret',
      '*.authorization',
      '*.cookie',
      '*.token',
      '*.key',
      '*.secret',
    ],
    censor: '[redacted]',
  },
})
