import { readFileSync } from 'node:fs'
import { credentials, loadPackageDefinition, Metadata } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'

// Makes the calls of flagd.sync.v1 that CALLS lists, for flagd.test.ts, and prints how each ends.

const { ADDRESS, CALLS = '[]', CERT_PATH } = process.env
const { flagd } = loadPackageDefinition(
  loadSync(new URL('sync.proto', import.meta.url).pathname, { keepCase: true }),
)
const channel = CERT_PATH ? credentials.createSsl(readFileSync(CERT_PATH)) : credentials.createInsecure()
const client = new flagd.sync.v1.FlagSyncService(ADDRESS, channel)

function metadataOf(texts = {}) {
  const metadata = new Metadata()
  for (const [name, text] of Object.entries(texts)) metadata.set(name, text)
  return metadata
}

const unary = (method, request, metadata) =>
  new Promise((done) => {
    client[method](request, metadata, (error, answer) =>
      done(error ? { code: error.code, details: error.details } : { code: 0, answer }),
    )
  })

/** The first message of a stream, or how it ended. */
const first = (request, metadata) =>
  new Promise((done) => {
    const stream = client.SyncFlags(request, metadata)
    stream.on('data', (answer) => {
      done({ code: 0, answer })
      stream.cancel()
    })
    stream.on('error', ({ code, details }) => done({ code, details }))
  })

const ends = []
for (const { method, request = {}, metadata } of JSON.parse(CALLS)) {
  const texts = metadataOf(metadata)
  ends.push(method === 'SyncFlags' ? await first(request, texts) : await unary(method, request, texts))
}
console.log(JSON.stringify(ends))
client.close()
