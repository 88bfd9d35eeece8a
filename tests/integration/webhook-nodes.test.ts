import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Jackstaff, seedShop, startJackstaff, whenReady } from '../support/jackstaff'
import { withSql } from '../support/people'
import { freePort, type Program, start, until } from '../support/process'
import { type Receiver, startReceiver } from '../support/receiver'

const HOOKS = '/projects/shop/webhooks'

let jackstaff: Jackstaff
let receiver: Receiver
const others: Program[] = []

/** Another node on the same database. */
async function join() {
  const port = String(await freePort())
  const env = { ...jackstaff.env, PORT: port }
  const program = start(process.execPath, ['dist/server.mjs'], env)
  others.push(program)
  await whenReady(`http://127.0.0.1:${port}`, program)
}

beforeAll(async () => {
  jackstaff = await startJackstaff({ JACKSTAFF_WEBHOOK_ALLOW: '127.0.0.1' })
  receiver = await startReceiver()
  await seedShop(jackstaff)
}, 90_000)
afterEach(async () => {
  await Promise.all(others.splice(0).map((program) => program.end()))
})
afterAll(async () => {
  await jackstaff?.stop()
  await receiver?.close()
})

async function endpoint(path: string) {
  const fields = { name: path, url: `${receiver.url}${path}`, events: ['flag.update'] }
  return (await jackstaff.api('POST', HOOKS, fields)).body.id as string
}
const rename = (name: string) =>
  jackstaff.api('PATCH', '/projects/shop/flags/checkout', { name }, { 'if-match': '*' })
const pending = () =>
  withSql(jackstaff, (sql) => sql`select id from webhook_delivery where status = 'pending'`)

describe('several nodes', () => {
  it('share the work: each message comes once, one at a time, in order', async () => {
    await Promise.all([join(), join()])
    const paths = ['/a', '/b', '/c', '/d']
    const open = new Map<string, number>()
    let most = 0
    for (const path of paths) {
      receiver.answer(path, (response) => {
        open.set(path, (open.get(path) ?? 0) + 1)
        most = Math.max(most, open.get(path)!)
        setTimeout(() => {
          open.set(path, open.get(path)! - 1)
          response.writeHead(200).end()
        }, 15)
      })
      await endpoint(path)
    }
    const names = Array.from({ length: 40 }, (_, i) => `Name ${i}`)
    for (const name of names) await rename(name)
    await until('everything to be sent', async () => (await pending()).length === 0, 30_000)
    expect(most).toBe(1)
    for (const path of paths) expect(receiver.at(path).map(({ json }) => json.data.after.name)).toEqual(names)
  })
})

describe('a node', () => {
  it('that is killed amid a message leaves it to whoever comes', async () => {
    await endpoint('/killed')
    receiver.answer('/killed', () => {})
    await rename('Amid')
    await receiver.come('/killed', 1)
    await jackstaff.program.end('SIGKILL')
    receiver.answerWith('/killed', 204)
    await jackstaff.startAgain()
    const [first, second] = await receiver.come('/killed', 2, 45_000) // the lease is over after 30 s
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id'])
    expect(second!.json).toEqual(first!.json)
    await until('it to be recorded', async () => (await pending()).length === 0)
  }, 90_000)

  it('that is stopped finishes what it sends, and leaves the rest at once', async () => {
    await endpoint('/stopped')
    const done: (() => void)[] = []
    receiver.answer('/stopped', (response) => {
      done.push(() => response.writeHead(204).end())
      setTimeout(() => done.at(-1)?.(), 500)
    })
    await rename('Under way')
    await rename('Waits')
    await receiver.come('/stopped', 1)
    await jackstaff.program.end()
    expect(receiver.at('/stopped')).toHaveLength(1)
    receiver.answerWith('/stopped', 204)
    const begun = performance.now()
    await jackstaff.startAgain()
    await until('everything to be sent', async () => (await pending()).length === 0)
    expect(performance.now() - begun).toBeLessThan(25_000) // no lease was left behind
    const names = receiver.at('/stopped').map(({ json }) => json.data.after.name)
    expect(names).toEqual(['Under way', 'Waits'])
  }, 60_000)
})
