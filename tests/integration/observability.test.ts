import { JackstaffProvider } from '@jackstaff/openfeature-server'
import { ProviderEvents } from '@openfeature/server-sdk'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startEdge } from '../support/edge'
import { type Jackstaff, PRODUCTION, seedShop, startJackstaff } from '../support/jackstaff'
import { freePort } from '../support/process'
import { startReceiver } from '../support/receiver'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const CLICK = '00f067aa0ba902b7'

type Span = {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  attributes: { key: string; value: { arrayValue?: { values: { stringValue: string }[] } } }[]
}

let collector: Awaited<ReturnType<typeof startReceiver>>
let jackstaff: Jackstaff
let keys: Awaited<ReturnType<typeof seedShop>>
let metricsPort: number
beforeAll(async () => {
  collector = await startReceiver()
  metricsPort = await freePort()
  jackstaff = await startJackstaff({
    JACKSTAFF_METRICS_PORT: String(metricsPort),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '200',
  })
  keys = await seedShop(jackstaff)
})
afterAll(async () => {
  await jackstaff?.stop()
  await collector?.close()
})

/** Metric with its labels -> value. */
async function scraped(port = metricsPort): Promise<Map<string, number>> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`)
  expect(answer.headers.get('content-type')).toContain('text/plain')
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ')
      return [line.slice(0, at), Number(line.slice(at + 1))]
    }),
  )
}

describe('the numbers, through a kill that a provider hears of', () => {
  it('say how far it came, and how fast', async () => {
    const provider = new JackstaffProvider({ url: jackstaff.url, key: keys.serverKey })
    await provider.initialize()
    const before = await scraped()
    expect(before.get('jackstaff_streams{kind="config"}')).toBe(1)

    const heard = new Promise((resolve) =>
      provider.events.addHandler(ProviderEvents.ConfigurationChanged, resolve),
    )
    const kill = await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'fire' })
    await heard
    const version = Number(kill.headers.get('x-jackstaff-version')!.split('.')[1])

    const after = await vi.waitFor(async () => {
      const now = await scraped()
      expect(now.get('jackstaff_publish_to_apply_seconds_count{path="confirmed"}')).toBeGreaterThan(0)
      return now
    }, 10_000)
    const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0)
    expect(after.get('jackstaff_config_version{environment="shop/production"}')).toBe(version)
    expect(after.get('jackstaff_stale_seconds')).toBe(0)
    expect(grown('jackstaff_publish_to_apply_seconds_count{path="held"}')).toBe(1)
    expect(grown('jackstaff_publish_to_apply_seconds_count{path="sent"}')).toBe(1)
    expect(grown('jackstaff_publish_to_apply_seconds_count{path="confirmed"}')).toBe(1)
    expect(grown('jackstaff_mutation_seconds_count{lane="kill",outcome="ok"}')).toBe(1)
    expect(grown('jackstaff_http_request_seconds_count{plane="api",method="PUT",status="2xx"}')).toBe(1)
    expect(after.get('jackstaff_webhook_deliveries_waiting')).toBe(0)
    expect(after.get('jackstaff_audit_chain_ok')).toBe(1)
    expect(after.get('jackstaff_event_loop_delay_seconds')).toBeGreaterThanOrEqual(0)
    await provider.onClose()
  })

  it('count refusals by their kind, and answers of delivery by their route', async () => {
    const before = await scraped()
    await jackstaff.api('PUT', PRODUCTION, { on: true }, { 'if-match': '"1"' })
    await fetch(`${jackstaff.url}/config`, { headers: { authorization: 'Bearer nonsense' } })
    await fetch(`${jackstaff.url}/config`, { headers: { authorization: `Bearer ${keys.serverKey}` } })
    const after = await scraped()
    const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0)
    expect(grown('jackstaff_mutation_seconds_count{lane="edit",outcome="invalid"}')).toBe(1)
    expect(grown('jackstaff_delivery_requests_total{route="config",status="401"}')).toBe(1)
    expect(grown('jackstaff_delivery_requests_total{route="config",status="200"}')).toBe(1)
  })

  it('keep as many names, whatever is asked for', async () => {
    const names = async () => [...(await scraped()).keys()].filter((name) => name.startsWith('jackstaff_'))
    const ask = (i: number) =>
      Promise.all([
        fetch(`${jackstaff.url}/flagd/none-${i}/none.json`),
        fetch(`${jackstaff.url}/api/v1/projects/none-${i}`),
        fetch(`${jackstaff.url}/nowhere-${i}`),
      ])
    await ask(0)
    const isCounted = async () =>
      expect((await names()).join()).toContain('plane="page",method="GET",status="4xx"')
    await vi.waitFor(isCounted, 10_000)
    const before = await names()
    for (let i = 1; i < 20; i++) await ask(i)
    expect(await names()).toEqual(before)
  })
})

it('an edge has numbers of its own', async () => {
  const port = await freePort()
  const edge = await startEdge(jackstaff, { JACKSTAFF_METRICS_PORT: String(port) })
  const numbers = await scraped(port)
  expect(numbers.get('jackstaff_environments')).toBe(3)
  expect(numbers.get('jackstaff_config_version{environment="shop/production"}')).toBeGreaterThan(0)
  await edge.program.end()
})

it('a trace leads from the click to the publish', async () => {
  const kill = await jackstaff.api(
    'PUT',
    '/projects/shop/flags/checkout/environments/staging/kill',
    { reason: 'fire' },
    {
      traceparent: `00-${TRACE}-${CLICK}-01`,
    },
  )
  expect(kill.status).toBe(200)
  const spans = () =>
    collector
      .at('/v1/traces')
      .flatMap(({ json }) => json.resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans)
      .flatMap(({ spans }) => spans as Span[])
      .filter(({ traceId }) => traceId === TRACE)
  await vi.waitFor(() => expect(spans().map(({ name }) => name)).toContain('mutation'), 10_000)
  const of = (name: string) => spans().find((span) => span.name === name)
  const publish = of('publish')!
  expect(
    publish.attributes.find(({ key }) => key === 'jackstaff.versions')!.value.arrayValue!.values,
  ).toEqual([{ stringValue: kill.headers.get('x-jackstaff-version') }])
  const way = [publish]
  for (let span = publish; ; way.push(span)) {
    const parent = spans().find(({ spanId }) => spanId === span.parentSpanId)
    if (!parent) break
    span = parent
  }
  console.log(way.map(({ name }) => name).join(' < '))
  expect(way.map(({ name }) => name)).toContain('mutation')
  expect(way.at(-1)!.parentSpanId).toBe(CLICK)
})
