import type { Ask } from '../answer'
import { authenticate } from '../authenticate'
import type { ChangeFeed } from '../change-feed'
import { agentName } from '../client-name'
import type { Environment } from '../environment'
import type { Key } from '../keys'
import { CODES, type Refusal, type SyncRequest } from './wire'

const LOOK_MS = 300 // a database that is away must not hold up an answer
const KEY = /^jks_/

/** The texts that came with a call. */
export type Metadata = { get(name: string): readonly (string | Buffer)[] }

const textOf = (metadata: Metadata, name: string) => metadata.get(name)[0]?.toString()

/** "grpc-go/1.75.0" */
export const clientOf = (metadata: Metadata): string => agentName(textOf(metadata, 'user-agent'))

/**
 * Most providers of flagd send no metadata of one's own choice, so a key may also be the provider id, which the protocol
 * means for this, or the selector, which is all that some can send. See docs/decisions/0013.
 */
function credential(metadata: Metadata, request: SyncRequest): string | undefined {
  const places = [request.providerId, textOf(metadata, 'flagd-selector'), request.selector]
  const key = places.find((text) => text !== undefined && KEY.test(text))
  return textOf(metadata, 'authorization') ?? (key && `Bearer ${key}`)
}

function selectorOf(metadata: Metadata, request: SyncRequest): string {
  const selector = textOf(metadata, 'flagd-selector') ?? request.selector
  return KEY.test(selector) ? '' : selector.replace(/^(flagSetId|source)=/, '')
}

const refused = (code: number, details: string): Refusal => ({ code, details })

/** The key of a call and its environment, or how the call ends. */
export async function admit(
  feed: ChangeFeed,
  metadata: Metadata,
  request: SyncRequest,
): Promise<{ key: Key; environment: Environment } | Refusal> {
  const authorization = credential(metadata, request)
  if (authorization === undefined)
    return refused(
      CODES.UNAUTHENTICATED,
      'send the metadata `authorization: Bearer <server key>`, or the key as provider id or selector',
    )
  const key = await authenticate(feed.keys, askWith(authorization, metadata), () => feed.nudgeWithin(LOOK_MS))
  if ('status' in key) return refused(CODES.UNAUTHENTICATED, JSON.parse(String(key.body)).detail)
  if (key.view !== 'server')
    return refused(CODES.PERMISSION_DENIED, 'this is a client key: flagd needs a server key')

  const environment = feed.environments.get(key.environmentId)
  if (!environment) return refused(CODES.UNAVAILABLE, 'this node has not read the environment yet')
  const selector = selectorOf(metadata, request)
  return selector === '' || selector === environment.flagSetId
    ? { key, environment }
    : refused(CODES.PERMISSION_DENIED, `this key opens ${environment.flagSetId}, not ${selector}`)
}

function askWith(authorization: string, metadata: Metadata): Ask {
  const headers: Readonly<Record<string, string | undefined>> = {
    authorization,
    'user-agent': textOf(metadata, 'user-agent'),
  }
  return {
    method: 'POST',
    path: '',
    query: new URLSearchParams(),
    header: (name) => headers[name],
    client: () => '', // `serve.ts` knows the peer
    text: async () => null,
  }
}
