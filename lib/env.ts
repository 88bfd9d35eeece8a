import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { type Network, networkFault, parseNetwork } from './evaluation/networks'
import { budgetsOf, budgetVariables } from './limits/budgets'
import { type Allowed, parseAllowed } from './outbound/target'

function readAllowed(text: string, issue: z.RefinementCtx): Allowed {
  try {
    return parseAllowed(text)
  } catch (error) {
    issue.addIssue({ code: 'custom', message: (error as Error).message })
    return z.NEVER
  }
}

function readNetworks(text: string, issue: z.RefinementCtx): Network[] {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  const fault = entries.map(networkFault).find((found) => found !== null)
  if (fault == null) return entries.map((entry) => parseNetwork(entry)!)
  issue.addIssue({ code: 'custom', message: fault })
  return z.NEVER
}

const argon2id = z
  .string()
  .trim()
  .regex(
    /^\$argon2id\$v=19\$[\w=,]+\$[\w+/]+\$[\w+/]+$/,
    'not what `npm run break-glass` prints: quote it, it holds "$"',
  )

function readBreakGlass(path: string, issue: z.RefinementCtx): string {
  try {
    return argon2id.parse(readFileSync(path, 'utf8'))
  } catch {
    issue.addIssue({
      code: 'custom',
      message: 'names no file that can be read and holds what `npm run break-glass` prints',
    })
    return z.NEVER
  }
}

/**
 * Everything read from the environment, checked once. Each name is documented in the README's table.
 *
 * @example env.publicUrl // 'http://localhost:3000'
 */
const variables = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  HOST: z.string().min(1).optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  JACKSTAFF_DATA_DIR: z.string().min(1).default('.jackstaff'),
  JACKSTAFF_SECRET: z.string().min(32, 'at least 32 characters').optional(),
  JACKSTAFF_BOOTSTRAP_TOKEN: z
    .string()
    .min(32, 'at least 32 characters')
    .max(500, 'at most 500 characters')
    .regex(/^[\x21-\x7e]*$/, 'visible ASCII characters alone: it travels in a header')
    .optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  UPSTASH_REDIS_REST_URL: z.url({ protocol: /^https?$/ }).optional(),
  UPSTASH_REDIS_REST_TOKEN: z.string().min(1).optional(),
  JACKSTAFF_MAX_STREAMS: z.coerce.number().int().min(1).default(20_000),
  JACKSTAFF_GRPC_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  JACKSTAFF_METRICS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  JACKSTAFF_GRPC_TLS_CERT: z.string().min(1).optional(),
  JACKSTAFF_GRPC_TLS_KEY: z.string().min(1).optional(),
  JACKSTAFF_GRIP_URL: z.url({ protocol: /^https?$/ }).optional(),
  JACKSTAFF_NCHAN_URL: z.url({ protocol: /^https?$/ }).optional(),
  JACKSTAFF_WEBHOOK_ALLOW: z.string().default('').transform(readAllowed),
  JACKSTAFF_TRUSTED_PROXIES: z.string().default('').transform(readNetworks),
  JACKSTAFF_KEEP_TELEMETRY_DAYS: z.coerce.number().int().min(1).max(36_500).default(396), // 13 months
  JACKSTAFF_KEEP_SNAPSHOTS_DAYS: z.coerce.number().int().min(1).max(36_500).default(90),
  ...budgetVariables,
  JACKSTAFF_BREAK_GLASS_HASH: argon2id.optional(),
  JACKSTAFF_BREAK_GLASS_FILE: z.string().min(1).transform(readBreakGlass).optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
})

function upstashOf({
  UPSTASH_REDIS_REST_URL: url,
  UPSTASH_REDIS_REST_TOKEN: token,
}: z.output<typeof variables>) {
  if (!url && !token) return null
  if (!url || !token)
    throw new Error(
      'UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN belong together: set both, or neither',
    )
  return { url, token }
}

function read() {
  const parsed = variables.safeParse(
    Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== '')),
  )
  if (!parsed.success) {
    const rules = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`The environment is not usable. ${rules.join('; ')}`)
  }
  const value = parsed.data
  const certificate = value.JACKSTAFF_GRPC_TLS_CERT
  const key = value.JACKSTAFF_GRPC_TLS_KEY
  if ((certificate === undefined) !== (key === undefined))
    throw new Error(
      'The environment is not usable. JACKSTAFF_GRPC_TLS_CERT and JACKSTAFF_GRPC_TLS_KEY: set both, or neither',
    )
  return {
    port: value.PORT,
    host: value.HOST,
    publicUrl: (value.PUBLIC_URL ?? `http://localhost:${value.PORT}`).replace(/\/$/, ''),
    databaseUrl: value.DATABASE_URL,
    dataDir: value.JACKSTAFF_DATA_DIR,
    secret: value.JACKSTAFF_SECRET,
    bootstrapToken: value.JACKSTAFF_BOOTSTRAP_TOKEN,
    redisUrl: value.REDIS_URL,
    upstash: upstashOf(value),
    maxStreams: value.JACKSTAFF_MAX_STREAMS,
    gripUrl: value.JACKSTAFF_GRIP_URL,
    nchanUrl: value.JACKSTAFF_NCHAN_URL,
    webhookAllow: value.JACKSTAFF_WEBHOOK_ALLOW,
    keepTelemetryDays: value.JACKSTAFF_KEEP_TELEMETRY_DAYS,
    keepSnapshotsDays: value.JACKSTAFF_KEEP_SNAPSHOTS_DAYS,
    metricsPort: value.JACKSTAFF_METRICS_PORT,
    trustedProxies: value.JACKSTAFF_TRUSTED_PROXIES,
    limits: budgetsOf(value),
    breakGlassHash: value.JACKSTAFF_BREAK_GLASS_HASH ?? value.JACKSTAFF_BREAK_GLASS_FILE ?? null,
    grpcPort: value.JACKSTAFF_GRPC_PORT,
    grpcTls: certificate === undefined || key === undefined ? null : { certificate, key },
  }
}

type Env = ReturnType<typeof read>

let cached: Env | undefined

export const env: Env = new Proxy({} as Env, {
  get(_, name) {
    cached ??= read()
    return cached[name as keyof Env]
  },
})

/** Fills in what the entry made itself (database, secret), for this module and for what Next bundles apart. */
export function provide(name: 'DATABASE_URL' | 'JACKSTAFF_SECRET' | 'NEXTAUTH_URL', value: string): void {
  process.env[name] = value
  cached = undefined
}

/** Known before anything else is checked: what is wrong with the environment must be sayable. */
export const logLevel = () =>
  variables.shape.LOG_LEVEL.catch('info').parse(process.env.LOG_LEVEL || undefined)
