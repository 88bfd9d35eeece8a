import { type Attributes, type Span, SpanStatusCode, trace } from '@opentelemetry/api'

/**
 * Runs a piece of work as a span of the trace that is under way: docs/observability.md. Without a collector it costs
 * a call.
 *
 * @example traced('publish', { lane }, async (span) => { span.setAttribute('versions', ids) })
 */
export function traced<T>(name: string, attributes: Attributes, run: (span: Span) => Promise<T>): Promise<T> {
  return trace.getTracer('jackstaff').startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await run(span)
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).name })
      throw error
    } finally {
      span.end()
    }
  })
}
