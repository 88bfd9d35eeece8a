const LAST_WORD_MS = 1_000 // a collector that is away must not hold up the end of the process

/**
 * Sends traces to the collector that `OTEL_EXPORTER_OTLP_ENDPOINT` (or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`) names, over
 * OTLP/HTTP; loads nothing where neither is set. Next adds spans of its own for pages and routes.
 *
 * @returns how to stop, once what is known is sent
 */
export async function startTracing(): Promise<() => Promise<void>> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_SERVICE_NAME } = process.env
  if (!OTEL_EXPORTER_OTLP_ENDPOINT && !OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return async () => {}
  const { BatchSpanProcessor, NodeTracerProvider } = await import('@opentelemetry/sdk-trace-node')
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http')
  const { defaultResource, resourceFromAttributes } = await import('@opentelemetry/resources')
  const service = resourceFromAttributes({ 'service.name': OTEL_SERVICE_NAME || 'jackstaff' })
  const provider = new NodeTracerProvider({
    resource: defaultResource().merge(service),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  })
  provider.register()
  return () =>
    Promise.race([
      provider.shutdown().catch(() => {}),
      new Promise<void>((resolve) => setTimeout(resolve, LAST_WORD_MS).unref()),
    ])
}
