/** What an address narrows the audit list down to. Days are those of UTC, the last one included. */
export type AuditSearch = {
  q?: string
  action?: string
  environment?: string
  actor?: string
  target?: string
  from?: string
  to?: string
  scope?: string
}

type Given = { readonly [name: string]: string | readonly string[] | undefined }

const TEXTS = { q: 200, action: 100, environment: 128, actor: 200, target: 200 } as const
const DAY = /^\d{4}-\d{2}-\d{2}$/
const DAY_MS = 86_400_000

const isDay = (value: unknown): value is string =>
  typeof value === 'string' && DAY.test(value) && !Number.isNaN(Date.parse(value))

/** What of an address can be searched for; the rest is passed over. */
export function readAuditSearch(given: Given): AuditSearch {
  const search: AuditSearch = {}
  for (const [name, most] of Object.entries(TEXTS) as [keyof typeof TEXTS, number][]) {
    const value = given[name]
    if (typeof value === 'string' && value !== '') search[name] = value.slice(0, most)
  }
  if (isDay(given.from)) search.from = given.from
  if (isDay(given.to)) search.to = given.to
  if (given.scope === 'all') search.scope = 'all'
  return search
}

const instant = (ms: number) => new Date(ms).toISOString()

/** The same as the API takes it: times instead of days. */
export function auditQuery({ from, to, ...rest }: AuditSearch): AuditSearch {
  return {
    ...rest,
    ...(from !== undefined && { from: instant(Date.parse(from)) }),
    ...(to !== undefined && { to: instant(Date.parse(to) + DAY_MS) }),
  }
}
