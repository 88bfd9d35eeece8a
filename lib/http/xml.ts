import type { Operation } from '@/lib/control/operation'
import { type Params, respond } from './handler'
import { problem } from './problem'

/**
 * A read that is answered with an XML document.
 *
 * @example export const GET = xml(getSamlMetadata)
 */
export function xml<I>(operation: Operation<I, string>) {
  return (request: Request, { params }: Params): Promise<Response> =>
    respond(operation, request, params, {
      input: async (_, named) => named,
      success: ({ result }, requestId) =>
        new Response(result, {
          headers: {
            'Content-Type': 'application/samlmetadata+xml',
            'Cache-Control': 'no-store',
            'X-Request-Id': requestId,
          },
        }),
      failure: problem,
    })
}
