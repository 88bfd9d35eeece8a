import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Everything that is measured, in one place: docs/observability.md says what each one is for. */
function make() {
  const register = new Registry()
  const registers = [register]
  collectDefaultMetrics({ register })
  return {
    register,
    /** `path`: `held` by a node, `sent` to every open stream of it, `confirmed` by a provider. */
    apply: new Histogram({
      name: 'jackstaff_publish_to_apply_seconds',
      help: 'From the commit of a version until it was held by this node, sent to its streams, confirmed by a provider',
      labelNames: ['path'],
      buckets: SECONDS,
      registers,
    }),
    configVersion: new Gauge({
      name: 'jackstaff_config_version',
      help: 'The version of each environment that this node serves',
      labelNames: ['environment'],
      registers,
    }),
    configEpoch: new Gauge({
      name: 'jackstaff_config_epoch',
      help: 'The epoch of each environment: raised where history was rewound',
      labelNames: ['environment'],
      registers,
    }),
    environments: new Gauge({
      name: 'jackstaff_environments',
      help: 'Environments that this node holds',
      registers,
    }),
    stale: new Gauge({
      name: 'jackstaff_stale_seconds',
      help: 'For how long this node has not read the database; 0 while it does',
      registers,
    }),
    streams: new Gauge({
      name: 'jackstaff_streams',
      help: 'Open streams of this node',
      labelNames: ['kind'],
      registers,
    }),
    streamsClosed: new Counter({
      name: 'jackstaff_streams_closed_total',
      help: 'Streams that this node ended; slow: the reader was 64 KB behind',
      labelNames: ['reason'],
      registers,
    }),
    streamsRefused: new Counter({
      name: 'jackstaff_streams_refused_total',
      help: 'Streams that were told to come back later, because too many asked at once',
      registers,
    }),
    deliveryRequests: new Counter({
      name: 'jackstaff_delivery_requests_total',
      help: 'Answers of the delivery plane',
      labelNames: ['route', 'status'],
      registers,
    }),
    requests: new Histogram({
      name: 'jackstaff_http_request_seconds',
      help: 'Answers of the API, SCIM and the dashboard, waiting for their turn included',
      labelNames: ['plane', 'method', 'status'],
      buckets: SECONDS,
      registers,
    }),
    mutations: new Histogram({
      name: 'jackstaff_mutation_seconds',
      help: 'Changes, from permission to commit; outcome: ok, or the kind of the refusal',
      labelNames: ['lane', 'outcome'],
      buckets: SECONDS,
      registers,
    }),
    plannedLate: new Histogram({
      name: 'jackstaff_planned_change_late_seconds',
      help: 'How long after their time planned changes were published',
      buckets: SECONDS,
      registers,
    }),
    webhooksWaiting: new Gauge({
      name: 'jackstaff_webhook_deliveries_waiting',
      help: 'Messages to webhooks that are not delivered yet, of the whole installation',
      registers,
    }),
    webhookLag: new Gauge({
      name: 'jackstaff_webhook_lag_seconds',
      help: 'How long the oldest message to a webhook is due, of the whole installation',
      registers,
    }),
    auditChainOk: new Gauge({
      name: 'jackstaff_audit_chain_ok',
      help: '1 where this node found every audit chain unbroken when it looked last, 0 where not; looked at hourly, by one node',
      registers,
    }),
    loopDelay: new Gauge({
      name: 'jackstaff_event_loop_delay_seconds',
      help: 'How late the event loop is, as load shedding sees it',
      registers,
    }),
    breakerState: new Gauge({
      name: 'jackstaff_breaker_state',
      help: 'Of what may be away: 0 it is asked, 1 it is tried once, 2 it is left alone',
      labelNames: ['name'],
      registers,
    }),
    readers: new Set<() => unknown>(),
  }
}

// Next bundles this module apart from the entry: one process, one registry.
const shared = globalThis as { jackstaffMetrics?: ReturnType<typeof make> }

/** @example metrics().streamsClosed.inc({ reason: 'slow' }) */
export function metrics() {
  shared.jackstaffMetrics ??= make()
  return shared.jackstaffMetrics
}

/** Runs before each scrape: for what is known when asked, such as how many there are. What fails is left as it was. */
export function beforeScrape(read: () => unknown): () => void {
  const { readers } = metrics()
  readers.add(read)
  return () => void readers.delete(read)
}

const WAIT_MS = 2_000 // a database that is away must not hold up the numbers that say so

/** All of it, in the text format of Prometheus. */
export async function scrape(): Promise<{ type: string; text: string }> {
  const { readers, register } = metrics()
  const late = new Promise((resolve) => setTimeout(resolve, WAIT_MS).unref())
  const reading = [...readers].map(async (read) => read())
  await Promise.race([Promise.allSettled(reading), late])
  return { type: register.contentType, text: await register.metrics() }
}
