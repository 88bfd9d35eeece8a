import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { equalFlags } from './mix'
import type { Wire } from './spec'

export type Payload = { readonly raw: number; readonly gzip: number; readonly brotli: number }

/** Bytes of 1,000 equal flags as they travel. */
export function payloadOf(wire: Wire): Payload {
  const text = wire.text(equalFlags())
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
  return {
    raw: Buffer.byteLength(text),
    gzip: gzipSync(text, { level: constants.Z_BEST_COMPRESSION }).length,
    brotli: brotliCompressSync(text, brotli).length,
  }
}
