import { readFile } from 'node:fs/promises'
import type {
  Server,
  ServerCredentials,
  ServerUnaryCall,
  ServerWritableStream,
  sendUnaryData,
} from '@grpc/grpc-js'
import { clientAddress, countedAs } from '@/lib/limits/client-address'
import { log } from '@/lib/log'
import type { Node } from '../admitted'
import type { Environment } from '../environment'
import { admit, clientOf } from './admit'
import { type Call, type FlagdStreams, messageOf } from './streams'
import { CODES, FLAG_SYNC_SERVICE, metadataMessage, type Refusal, type SyncRequest } from './wire'

const DRAIN_MS = 500 // what a client takes to read its goodbye

const LIMITS = {
  'grpc.max_receive_message_length': 16 * 1024, // a request is two short texts
  'grpc.max_concurrent_streams': 100, // a connection; an application needs one
  'grpc.max_connection_idle_ms': 5 * 60_000,
  'grpc.keepalive_time_ms': 30_000, // load balancers cut idle streams at 60 s
  'grpc.keepalive_timeout_ms': 10_000,
}

/** Where to listen. Without `tls` a proxy in front has it, or there is none to need it. */
export type SyncAddress = {
  readonly host: string | undefined
  readonly port: number
  readonly tls: { readonly certificate: string; readonly key: string } | null
}

type Unary = (call: ServerUnaryCall<SyncRequest, Buffer>, done: sendUnaryData<Buffer>) => void

const failed = (error: unknown): Refusal => {
  log.error({ err: error }, 'a call of flagd failed')
  return { code: CODES.UNAVAILABLE, details: 'something failed on our side: the log says what' }
}

/**
 * Serves flagd.sync.v1 on a port of its own. Only here gRPC is loaded: most installations do without.
 *
 * @example const { close } = await serveFlagdSync(node, streams, { host: undefined, port: 8015, tls: null })
 */
export async function serveFlagdSync(
  { feed, budgets }: Pick<Node, 'feed' | 'budgets'>,
  streams: FlagdStreams,
  address: SyncAddress,
): Promise<{ close(): Promise<void> }> {
  const grpc = await import('@grpc/grpc-js')
  const server = new grpc.Server(LIMITS)

  const enter = async (
    call: Pick<ServerUnaryCall<SyncRequest, Buffer>, 'metadata' | 'request' | 'getPeer'>,
  ) => {
    const found = await admit(feed, call.metadata, call.request)
    if ('code' in found) return found
    const peer = countedAs(clientAddress(call.getPeer().replace(/:\d+$/, ''), undefined, []))
    const refused = await budgets.take('streams', found.key, peer)
    return refused
      ? { code: CODES.RESOURCE_EXHAUSTED, details: `too many calls from one address: wait ${refused.wait} s` }
      : found
  }
  const unary =
    (answer: (environment: Environment) => Buffer): Unary =>
    (call, done) => {
      enter(call)
        .then((found) => ('code' in found ? done(found) : done(null, answer(found.environment))))
        .catch((error) => done(failed(error)))
    }
  const SyncFlags = (call: ServerWritableStream<SyncRequest, Buffer>) => {
    const end = (refusal: Refusal) => call.emit('error', Object.assign(new Error(refusal.details), refusal))
    enter(call)
      .then((found) => {
        if (call.cancelled) return
        if ('code' in found) end(found)
        else streams.join(call as Call, found.key, found.environment, clientOf(call.metadata))
      })
      .catch((error) => end(failed(error)))
  }
  server.addService(FLAG_SYNC_SERVICE, {
    SyncFlags,
    FetchAllFlags: unary(messageOf),
    GetMetadata: unary(({ flagSetId }) => metadataMessage({ flagSetId })),
  })

  const { tls } = address
  const credentials = tls
    ? grpc.ServerCredentials.createSsl(null, [
        { cert_chain: await readFile(tls.certificate), private_key: await readFile(tls.key) },
      ])
    : grpc.ServerCredentials.createInsecure()
  await listen(server, credentials, address)
  log.info({ port: address.port, tls: tls !== null }, 'flagd.sync.v1 is served')
  return {
    async close() {
      const late = setTimeout(() => server.forceShutdown(), DRAIN_MS)
      await new Promise<void>((done) => server.tryShutdown(() => done()))
      clearTimeout(late)
    },
  }
}

function bind(server: Server, credentials: ServerCredentials, host: string, port: number): Promise<void> {
  const name = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  return new Promise((done, fail) => {
    server.bindAsync(name, credentials, (error) => (error ? fail(error) : done()))
  })
}

/** All addresses of this machine where no host is named, with IPv6 or without. */
async function listen(
  server: Server,
  credentials: ServerCredentials,
  { host, port }: SyncAddress,
): Promise<void> {
  const inTheWay = (error: Error) => {
    throw new Error(`JACKSTAFF_GRPC_PORT: port ${port} cannot be used: ${error.message}`)
  }
  if (host !== undefined) return bind(server, credentials, host, port).catch(inTheWay)
  await bind(server, credentials, '::', port).catch(() =>
    bind(server, credentials, '0.0.0.0', port).catch(inTheWay),
  )
}
