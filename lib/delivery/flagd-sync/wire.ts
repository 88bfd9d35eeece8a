// The messages of flagd.sync.v1 as protocol buffers put them on the wire: https://protobuf.dev/programming-guides/encoding.
// They are three strings and a struct, which is less to read than what a compiler of .proto files would bring along.

const TEXT = 2 // the wire type of what has a length: text, messages

/** What a client asks for. Both fields are optional, and both are texts in SyncFlags and in FetchAllFlags. */
export type SyncRequest = { readonly providerId: string; readonly selector: string }

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest & 0x7f) | 0x80)
  return Buffer.from([...bytes, rest])
}

function field(number: number, content: string | Buffer): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  return Buffer.concat([varint(number * 8 + TEXT), varint(bytes.length), bytes])
}

/** SyncFlagsResponse and FetchAllFlagsResponse: `string flag_configuration = 1`. */
export function definitionMessage(definition: string): Buffer {
  return field(1, definition)
}

/** GetMetadataResponse: `google.protobuf.Struct metadata = 2`, of texts alone. */
export function metadataMessage(metadata: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(metadata).map(([name, text]) =>
    field(1, Buffer.concat([field(1, name), field(2, field(3, text))])),
  )
  return field(2, Buffer.concat(entries))
}

function readVarint(bytes: Buffer, from: number): { value: number; end: number } {
  let value = 0
  for (let at = from, unit = 1; at < bytes.length && at < from + 10; at++, unit *= 0x80) {
    value += (bytes[at]! & 0x7f) * unit
    if (bytes[at]! < 0x80) return { value, end: at + 1 }
  }
  throw new Error('the request has a number without end')
}

/** Where the content of a field ends that begins here, by wire type. */
const endOf: Readonly<Record<number, (bytes: Buffer, at: number) => number>> = {
  0: (bytes, at) => readVarint(bytes, at).end,
  1: (_, at) => at + 8,
  [TEXT]: (bytes, at) => {
    const { value, end } = readVarint(bytes, at)
    return end + value
  },
  5: (_, at) => at + 4,
}

/** SyncFlagsRequest and FetchAllFlagsRequest: `string provider_id = 1`, `string selector = 2`; others are left out. */
export function readRequest(bytes: Buffer): SyncRequest {
  const texts: Record<number, string> = {}
  for (let at = 0; at < bytes.length; ) {
    const tag = readVarint(bytes, at)
    const type = tag.value % 8
    const end = endOf[type]?.(bytes, tag.end)
    if (end === undefined || end > bytes.length) throw new Error('the request is cut short')
    if (type === TEXT) {
      const start = readVarint(bytes, tag.end).end
      texts[Math.floor(tag.value / 8)] = bytes.toString('utf8', start, end)
    }
    at = end
  }
  return { providerId: texts[1] ?? '', selector: texts[2] ?? '' }
}

/** How a call ends that is not answered: https://grpc.io/docs/guides/status-codes. */
export const CODES = {
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const

/** The end of a call, and why. */
export type Refusal = { readonly code: number; readonly details: string }

const method = (name: string, responseStream: boolean) => ({
  path: `/flagd.sync.v1.FlagSyncService/${name}`,
  requestStream: false,
  responseStream,
  requestSerialize: () => Buffer.alloc(0), // this side asks nothing
  requestDeserialize: readRequest,
  responseSerialize: (message: Buffer) => message,
  responseDeserialize: (bytes: Buffer) => bytes,
})

/** The service as @grpc/grpc-js takes it. Responses are encoded before: many streams share one buffer. */
export const FLAG_SYNC_SERVICE = {
  SyncFlags: method('SyncFlags', true),
  FetchAllFlags: method('FetchAllFlags', false),
  GetMetadata: method('GetMetadata', false),
}
