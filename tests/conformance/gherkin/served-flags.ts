import { type Jackstaff, startJackstaff } from '../../support/jackstaff'
import { withSql } from '../../support/people'
import { freePort } from '../../support/process'
import { testFlags } from './test-flags'

/** A running Jackstaff with the specification's flags, and what providers need to come to each status. */
export type Served = {
  readonly url: string
  /** Where nobody listens. */
  readonly deadUrl: string
  readonly serverKey: string
  readonly clientKey: string
  stop(): Promise<void>
}

async function expectOk(jackstaff: Jackstaff, ...request: Parameters<Jackstaff['api']>) {
  const answer = await jackstaff.api(...request)
  if (answer.status >= 300) throw new Error(`${request[0]} ${request[1]}: ${JSON.stringify(answer.body)}`)
  return answer
}

/** Creates every flag through the API and publishes what it serves. */
export async function serveTestFlags(): Promise<Served> {
  const jackstaff = await startJackstaff()
  await expectOk(jackstaff, 'POST', '/projects', { key: 'spec', name: 'Specification' })
  for (const [key, flag] of Object.entries(testFlags())) {
    const { type, variants, metadata, on, offVariant, rules, fallthrough } = flag
    const created = { key, name: key, type, variants, browser: true }
    await expectOk(jackstaff, 'POST', '/projects/spec/flags', created)
    // The API has no door for metadata yet; the publish that follows carries it.
    await withSql(
      jackstaff,
      (sql) => sql`update flag set metadata = ${sql.json({ ...metadata })} where key = ${key}`,
    )
    const targeting = `/projects/spec/flags/${key}/environments/production`
    const { headers } = await expectOk(jackstaff, 'GET', targeting)
    const published = { on, offVariant, rules, fallthrough }
    await expectOk(jackstaff, 'PUT', targeting, published, { 'if-match': headers.get('etag') ?? '' })
  }
  const keys = '/projects/spec/environments/production/keys'
  const server = await expectOk(jackstaff, 'POST', keys, { kind: 'server', name: 'server' })
  const client = await expectOk(jackstaff, 'POST', keys, { kind: 'client', name: 'browser' })
  return {
    url: jackstaff.url,
    deadUrl: `http://127.0.0.1:${await freePort()}`,
    serverKey: server.body.key,
    clientKey: client.body.key,
    stop: () => jackstaff.stop(),
  }
}
