import type { AuditSearch } from '@/lib/audit-search'
import type { InsightsRange } from '@/lib/control/insights'
import type {
  ArrivalsView,
  AttributesView,
  AuditView,
  BulkView,
  ConnectionsView,
  EnvironmentView,
  FlagKeys,
  FlagView,
  InsightsView,
  KeyView,
  KillView,
  ListedFlag,
  Page,
  ProjectView,
  PropagationView,
  ProposalView,
  SavedView,
  SavedViews,
  SegmentBody,
  SegmentUses,
  SegmentView,
  Targeting,
  TargetingView,
  VersionView,
  WebhookDeliveryView,
  WebhookView,
} from '@/lib/control/views'
import type { JsonValue } from '@/lib/evaluation/types'
import { apiPaths, withQuery } from '@/lib/paths'

const DEADLINE_MS = 10_000 // the server answers every request within 5 s (docs: guarantee S6)

export type FieldProblem = { path: string; message: string }

/** RFC 9457, as API v1 answers it. */
export type Problem = {
  title: string
  status: number
  detail: string
  requestId?: string
  errors?: FieldProblem[]
  /** On 412: what has been published meanwhile, as a GET would answer it. */
  current?: unknown
  /** On a refusal of several changes: which of them it is about. */
  change?: number
  /** `sign_in_again`: this takes a sign-in that is not long ago. */
  code?: string
}

export class ApiError extends Error {
  override name = 'ApiError'
  constructor(readonly problem: Problem) {
    super(problem.detail)
  }

  get status() {
    return this.problem.status
  }

  get fields(): FieldProblem[] {
    return this.problem.errors ?? []
  }
}

/** Environment key -> id of the config that a write published there. */
export type Published = Record<string, string>
export type Answer<T> = { value: T; published: Published }

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Options = { body?: unknown; ifMatch?: string | number }

/** Begins a trace with a click: docs/observability.md. */
function traceparent(): string {
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  )
  return `00-${hex.slice(0, 16).join('')}-${hex.slice(16).join('')}-01`
}

function headersFor(method: Method, { body, ifMatch }: Options): Record<string, string> {
  return {
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(ifMatch !== undefined && { 'if-match': `"${ifMatch}"` }),
    ...(method !== 'GET' && { traceparent: traceparent() }),
    ...(method === 'POST' && { 'idempotency-key': crypto.randomUUID() }),
  }
}

/** `production=1.42.9f8e7d6c, staging=1.7.01234567` */
export function parsePublished(header: string | null): Published {
  const pairs = (header ?? '').split(',').map((pair) => pair.trim().split('='))
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair.length === 2))
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback = { title: response.statusText, status: response.status, detail: `HTTP ${response.status}` }
  if (!response.headers.get('content-type')?.includes('json')) return fallback
  return { ...fallback, ...((await response.json()) as Partial<Problem>) }
}

const unreachable = () =>
  new ApiError({
    title: 'No answer',
    status: 0,
    detail: 'Jackstaff did not answer. Nothing is lost: check the connection and try again.',
  })

export async function call<T>(method: Method, path: string, options: Options = {}): Promise<Answer<T>> {
  const response = await fetch(path, {
    method,
    headers: headersFor(method, options),
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
    signal: AbortSignal.timeout(DEADLINE_MS),
  }).catch(() => {
    throw unreachable()
  })
  if (!response.ok) throw new ApiError(await problemOf(response))
  const value = response.status === 204 ? undefined : await response.json()
  return { value: value as T, published: parsePublished(response.headers.get('x-jackstaff-version')) }
}

const AGAIN_FOR_MS = 30_000
const AGAIN_AFTER_MS = 1_000

/** Nobody is known to have heard it: no answer, or one of a gateway or a database that is away. */
const unheard = (error: unknown) => error instanceof ApiError && [0, 502, 503, 504].includes(error.status)

/**
 * Asks until Jackstaff has answered, for half a minute at most, unless `signal` ends it: for what must come to pass, and
 * changes nothing more when it is asked twice. `whenAgain` is told each time that it was not heard.
 *
 * @example await untilHeard(() => api.kill(where, { reason }), { signal, whenAgain: () => setAgain(true) })
 */
export async function untilHeard<T>(
  ask: () => Promise<T>,
  { signal, whenAgain }: { signal: AbortSignal; whenAgain: () => void },
): Promise<T> {
  const end = Date.now() + AGAIN_FOR_MS
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!unheard(error) || signal.aborted || Date.now() >= end) throw error
      whenAgain()
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS))
      if (signal.aborted) throw error
    }
  }
}

/** A long answer, line by line; the browser keeps it. */
async function download(path: string): Promise<Blob> {
  const response = await fetch(path, { headers: { accept: 'application/x-ndjson' } }).catch(() => {
    throw unreachable()
  })
  if (!response.ok) throw new ApiError(await problemOf(response))
  return response.blob()
}

type In = { project: string }
type OfFlag = In & { flag: string }
/** Null: the installation has it. */
type OfWebhooks = { project: string | null }
type OfWebhook = OfWebhooks & { webhook: string }
type OfSegment = In & { segment: string }
type OfView = In & { view: string }
/** What can be said of a view of the flags list. */
export type ViewFields = Pick<SavedView, 'name' | 'query' | 'shared'>
type InEnvironment = In & { environment: string }
export type OfTargeting = OfFlag & { environment: string }

type OfChange = InEnvironment & { id: string }
type OfKey = InEnvironment & { id: string }

export type NewChanges = {
  changes: { op: string; ifMatch: string; input: object }[]
  mode: 'publish' | 'propose' | 'schedule'
  comment: string
  at?: string
  confirm?: readonly string[]
}

export type NewFlag = Pick<
  FlagView,
  'key' | 'name' | 'type' | 'kind' | 'browser' | 'description' | 'tags'
> & {
  variants: Record<string, JsonValue>
  offVariant: string | null
}
export type FlagPatch = Partial<
  Pick<FlagView, 'name' | 'description' | 'tags' | 'owner' | 'kind' | 'browser' | 'variants'>
>
export type NewKey = { kind: KeyView['kind']; name: string; mode?: NonNullable<KeyView['mode']> }
/** What can be said of an endpoint. */
export type WebhookFields = Pick<
  WebhookView,
  'name' | 'url' | 'events' | 'environments' | 'payload' | 'enabled'
>
/** The one answer that holds its secret. */
export type SecretWebhook = WebhookView & { secret: string }
export type CreatedKey = KeyView & { key: string }

/** Every write of the dashboard, through the same door and with the same permissions as a token. */
export const api = {
  setup: (body: { token: string; name: string; email: string }) =>
    call<{ redirect: string }>('POST', apiPaths.setup(), { body }),
  signIn: (body: { token: string }) => call<{ redirect: string }>('POST', apiPaths.signIn(), { body }),
  signOut: () => call<unknown>('POST', apiPaths.signOut(), { body: {} }),

  createProject: (body: { key: string; name: string }) =>
    call<ProjectView>('POST', apiPaths.projects(), { body }),
  createEnvironment: (where: In, body: { key: string; name: string; protected: boolean }) =>
    call<EnvironmentView>('POST', apiPaths.environments(where), { body }),

  updateEnvironment: (where: InEnvironment, body: Partial<Pick<EnvironmentView, 'protected' | 'policy'>>) =>
    call<EnvironmentView>('PATCH', apiPaths.environment(where), { body }),

  submitChanges: (where: InEnvironment, body: NewChanges) =>
    call<ProposalView>('POST', apiPaths.changes(where), { body }),
  decide: (where: OfChange, verdict: 'approve' | 'reject', body: { hash: string; comment: string }) =>
    call<ProposalView>('POST', `${apiPaths.change(where)}/${verdict}`, { body }),
  publishChange: (where: OfChange, body: { confirm?: readonly string[] }) =>
    call<ProposalView>('POST', `${apiPaths.change(where)}/publish`, { body }),
  withdrawChange: (where: OfChange) => call<unknown>('DELETE', apiPaths.change(where)),

  flagKeys: (where: In, query: object) =>
    call<FlagKeys>('GET', withQuery(apiPaths.flagKeys(where), { ...query })),
  changeFlags: (where: In, body: { flags: readonly string[]; do: object; confirm?: readonly string[] }) =>
    call<BulkView>('POST', apiPaths.bulk(where), { body }),

  views: (where: In) => call<SavedViews>('GET', apiPaths.views(where)),
  createView: (where: In, body: ViewFields) => call<SavedView>('POST', apiPaths.views(where), { body }),
  patchView: (where: OfView, body: Partial<ViewFields>) =>
    call<SavedView>('PATCH', apiPaths.view(where), { body }),
  deleteView: (where: OfView) => call<unknown>('DELETE', apiPaths.view(where)),
  starView: (where: In, view: string) =>
    call<{ starred: string }>('PUT', apiPaths.starredView(where), { body: { view } }),

  findFlags: (where: In, query: { q: string; limit: number }) =>
    call<Page<ListedFlag>>('GET', apiPaths.flags({ ...where, ...query })),
  flag: (where: OfFlag) => call<FlagView>('GET', apiPaths.flag(where)),
  createFlag: (where: In, body: NewFlag) => call<FlagView>('POST', apiPaths.flags(where), { body }),
  patchFlag: (where: OfFlag, ifMatch: number, body: FlagPatch) =>
    call<FlagView>('PATCH', apiPaths.flag(where), { body, ifMatch }),
  archiveFlag: (where: OfFlag, ifMatch: number) =>
    call<FlagView>('DELETE', apiPaths.flag(where), { ifMatch }),
  restoreFlag: (where: OfFlag) => call<FlagView>('POST', apiPaths.restoreFlag(where), { body: {} }),

  publish: (
    where: OfTargeting,
    ifMatch: number,
    body: Targeting & { comment?: string; confirm?: readonly string[] },
  ) => call<TargetingView>('PUT', apiPaths.targeting(where), { body, ifMatch }),
  kill: (where: OfTargeting, body: { reason: string }) =>
    call<KillView>('PUT', apiPaths.kill(where), { body }),
  liftKill: (where: OfTargeting, killId: string, body: { confirm?: readonly string[] } = {}) =>
    call<unknown>('DELETE', apiPaths.kill(where), { body, ifMatch: killId }),

  versions: (where: InEnvironment & { flag?: string; limit?: number }) =>
    call<Page<VersionView>>('GET', apiPaths.versions(where)),
  propagation: (where: InEnvironment & { version: number }) =>
    call<PropagationView>('GET', apiPaths.propagation(where)),

  connections: (where: InEnvironment) => call<ConnectionsView>('GET', apiPaths.connections(where)),
  arrivals: (where: InEnvironment & { flag?: string }) => call<ArrivalsView>('GET', apiPaths.arrivals(where)),
  insights: (where: OfTargeting & { range: InsightsRange }) =>
    call<InsightsView>('GET', apiPaths.insights(where)),

  exportAudit: (search: AuditSearch & { project?: string | undefined }) => {
    const { project, ...query } = search
    return download(
      project === undefined ? apiPaths.installationAudit(query) : apiPaths.audit({ project, ...query }),
    )
  },

  /** Who changed a thing last, and when; null where nothing is recorded. */
  lastEntry: async (where: In & { target: string }) => {
    const { value } = await call<Page<AuditView>>('GET', apiPaths.audit({ ...where, limit: 1 }))
    const [entry] = value.items
    return entry ? { name: entry.actor.name, at: entry.at } : null
  },

  segment: (where: OfSegment) => call<SegmentView>('GET', apiPaths.segment(where)),
  segmentUses: (where: OfSegment) => call<SegmentUses>('GET', apiPaths.segmentUses(where)),
  createSegment: (where: In, body: Pick<SegmentView, 'key' | 'name'>) =>
    call<SegmentView>('POST', apiPaths.segments(where), { body }),
  saveSegment: (
    where: OfSegment,
    ifMatch: number,
    body: SegmentBody & { comment?: string; confirm?: readonly string[] },
  ) => call<SegmentView>('PUT', apiPaths.segment(where), { body, ifMatch }),
  deleteSegment: (where: OfSegment, ifMatch: number) =>
    call<unknown>('DELETE', apiPaths.segment(where), { ifMatch }),

  setAttributes: (where: In, body: AttributesView) =>
    call<AttributesView>('PUT', apiPaths.attributes(where), { body }),

  createKey: (where: InEnvironment, body: NewKey) => call<CreatedKey>('POST', apiPaths.keys(where), { body }),
  updateKey: (where: OfKey, body: { name?: string; origins?: string[] }) =>
    call<KeyView>('PATCH', apiPaths.key(where), { body }),
  rotateKey: (where: OfKey, body: { overlapHours: number }) =>
    call<CreatedKey>('POST', apiPaths.rotateKey(where), { body }),
  revokeKey: (where: OfKey) => call<unknown>('DELETE', apiPaths.key(where)),

  createWebhook: (where: OfWebhooks, body: Partial<WebhookFields>) =>
    call<SecretWebhook>('POST', apiPaths.webhooks(where), { body }),
  patchWebhook: (where: OfWebhook, body: Partial<WebhookFields>) =>
    call<WebhookView>('PATCH', apiPaths.webhook(where), { body }),
  deleteWebhook: (where: OfWebhook) => call<unknown>('DELETE', apiPaths.webhook(where)),
  rotateWebhook: (where: OfWebhook) =>
    call<SecretWebhook>('POST', apiPaths.rotateWebhook(where), { body: {} }),
  testWebhook: (where: OfWebhook) =>
    call<WebhookDeliveryView>('POST', apiPaths.testWebhook(where), { body: {} }),
  replayDelivery: (where: OfWebhook & { delivery: number }) =>
    call<WebhookDeliveryView>('POST', apiPaths.replayDelivery(where), { body: {} }),
}
