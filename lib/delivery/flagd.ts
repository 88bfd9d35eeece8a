import { exportFlagd } from '@/lib/interop/flagd-export'
import { type Ask, CORS, problem, type Reply } from './answer'
import { CACHE, codingFor } from './config'
import { type Coding, compress, type Environment } from './environment'
import type { Key } from './keys'
import type { View } from './view'

export const FLAGD = /^\/flagd\/([^/]+\/[^/]+)\.json$/

type Definition = { readonly text: string; readonly bodies: Partial<Record<Coding, Promise<Buffer>>> }

const held = new WeakMap<Environment['head'], Partial<Record<View, Definition>>>()

/**
 * A view of an environment as a flagd definition, written once a version. flagd's providers tell applications their
 * selector as the `scope` of every answer unless the definition names one: ours may have carried a key.
 */
export function definitionOf(environment: Environment, view: View): Definition {
  const definitions = held.get(environment.head) ?? {}
  held.set(environment.head, definitions)
  definitions[view] ??= { text: write(environment, view), bodies: {} }
  return definitions[view]
}

function write(environment: Environment, view: View): string {
  const { flagSetId } = environment
  const { definition } = exportFlagd(environment.plain(view))
  return JSON.stringify({ ...definition, metadata: { ...definition.metadata, scope: flagSetId } })
}

/** `GET /flagd/<project>/<environment>.json`: the flags that a key may have the rules of, as a flagd definition. */
export async function flagdDefinition(
  ask: Ask,
  { key, environment }: { readonly key: Key; readonly environment: Environment },
  staleSince: number | null,
): Promise<Reply> {
  const { flagSetId, id } = environment
  if (key.view === 'residual')
    return problem(403, 'Rules withheld', 'this key receives no rules: use a server key, or OFREP')
  if (FLAGD.exec(ask.path)?.[1] !== flagSetId)
    return problem(
      403,
      'Another environment',
      `this key opens ${flagSetId}: ask for /flagd/${flagSetId}.json`,
    )

  const coding = codingFor(ask.header('accept-encoding'))
  const headers = {
    'Cache-Control': CACHE[key.view],
    Vary: 'Accept-Encoding',
    ETag: `"${id}-flagd-${key.view}-${coding}"`,
    ...(key.view === 'server' ? {} : CORS),
    ...(staleSince !== null && { 'X-Jackstaff-Stale': new Date(staleSince).toISOString() }),
  }
  const isHeld = ask
    .header('if-none-match')
    ?.split(',')
    .some((tag) => tag.trim().replace(/^W\//, '').startsWith(`"${id}-flagd-${key.view}-`))
  if (isHeld) return { status: 304, headers, body: null }

  const { text, bodies } = definitionOf(environment, key.view)
  bodies[coding] ??= compress[coding](text)
  return {
    status: 200,
    body: await bodies[coding],
    headers: {
      ...headers,
      'Content-Type': 'application/json',
      ...(coding === 'identity' ? {} : { 'Content-Encoding': coding }),
    },
  }
}
