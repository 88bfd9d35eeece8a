import pino from 'pino'
import { env } from './env'

/** Structured logs on standard output. What could hold a secret never reaches it. */
export const log = pino({
  level: env.logLevel,
  base: undefined,
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
