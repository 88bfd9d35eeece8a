import { type Clock, systemClock } from '../../../providers/sync/clock'
import { sides } from '../../support/sides'

// Run with --expose-gc: side, URL and number of reconnects. Prints a line whenever the provider is ready (again), so that
// whoever reads it can cut the stream, and in the end the heap in bytes after each tenth of the reconnects.

const [name, url, count] = process.argv.slice(2) as [string, string, string]
const collect = globalThis.gc!

/** Without jitter: what is measured is what stays behind, and not the waiting. */
const clock: Clock = { ...systemClock, random: () => 0 }

const side = sides.find((it) => it.side === name)!
const { initialized, provider, ask, heard } = side.bind({ url }, clock)
if (await initialized) throw new Error(`not initialised: ${(await initialized)?.message}`)

const heap: number[] = []
let reconnects = 0
provider.events.addHandler('PROVIDER_READY' as never, async () => {
  reconnects++
  heard.length = 0 // ours, and not to be measured
  const { value } = await ask('String', 'banner', 'the default')
  if (value !== 'hello') throw new Error(`the banner is ${value}`)
  if (reconnects % (Number(count) / 10) === 0) {
    collect()
    heap.push(process.memoryUsage().heapUsed)
  }
  if (reconnects < Number(count)) console.log('ready')
  else {
    clearInterval(alive)
    await side.close()
    console.log(JSON.stringify(heap))
  }
})
const alive = setInterval(() => {}, 60_000) // a provider that waits for its server keeps no process alive
console.log('ready')
