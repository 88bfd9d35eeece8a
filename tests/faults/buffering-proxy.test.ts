import { JackstaffProvider } from '@jackstaff/openfeature-server'
import { NOOP_PROVIDER, OpenFeature } from '@openfeature/server-sdk'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { figure } from '../support/figure'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { type Nginx, startNginx } from '../support/nginx'
import { until } from '../support/process'
import { openStream } from '../support/stream'

// A proxy that keeps a stream's events to itself until its buffers are full, whatever it is told: providers poll.

let jackstaff: Jackstaff
let nginx: Nginx
let serverKey: string
beforeAll(async () => {
  jackstaff = await startJackstaff()
  serverKey = (await seedShop(jackstaff)).serverKey
  nginx = await startNginx(
    `proxy_pass ${jackstaff.url}; proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;`,
  )
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  await jackstaff.api('PUT', PRODUCTION, share(100), { 'if-match': headers.get('etag')! })
})
afterAll(async () => {
  await OpenFeature.clearProviders()
  await nginx?.remove()
  await jackstaff?.stop()
})

it('does keep the stream to itself', async () => {
  const straight = await openStream(jackstaff.url, serverKey)
  await straight.next('hello')
  straight.close()
  const hello = openStream(nginx.url, serverKey).then((stream) => stream.next('hello', 2_000))
  const nothing = new Promise((_, reject) => setTimeout(reject, 2_500, new Error('nothing came')))
  await expect(Promise.race([hello, nothing])).rejects.toThrow(/nothing came|waited 2000 ms/)
})

it.each([
  // Its hello is awaited for 5 s; from then on a poll comes every 2.25 to 3.75 s. What is beyond is the request.
  ['with nothing set', {}, { kills: 2, withinMs: 6_000 }],
])('a provider %s hears of kills', async (which, options, { kills, withinMs }) => {
  const domain = `behind nginx ${which}`
  const provider = new JackstaffProvider({ url: nginx.url, key: serverKey, ...options })
  await OpenFeature.setProviderAndWait(domain, provider)
  const client = OpenFeature.getClient(domain)
  const killed = async () => !(await client.getBooleanValue('checkout', true))
  const taken: number[] = []
  for (let i = 0; i < kills; i++) {
    await until('the flag to be on', async () => !(await killed()), withinMs)
    const began = performance.now()
    const { body } = await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'now' })
    await until('the kill to arrive', killed, 60_000)
    taken.push(Math.round(performance.now() - began))
    await jackstaff.api('DELETE', `${PRODUCTION}/kill`, undefined, { 'if-match': `"${body.id}"` })
  }
  console.log(`behind a proxy that buffers, a provider ${which} heard of kills after ${taken} ms`)
  figure('buffering-proxy', 'until a provider hears of a kill, slowest', Math.max(...taken), 'ms')
  expect(Math.max(...taken)).toBeLessThan(withinMs)
  await OpenFeature.setProviderAndWait(domain, NOOP_PROVIDER)
})
