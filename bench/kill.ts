import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { JackstaffProvider } from '@jackstaff/openfeature-server'
import { JackstaffWebProvider } from '@jackstaff/openfeature-web'
import { ProviderEvents as ServerEvents } from '@openfeature/server-sdk'
import { ProviderEvents as WebEvents } from '@openfeature/web-sdk'

// From sending the kill to the last provider's change event: once in peace, once while editors publish without pause.
// Everything runs on this machine: the product on its embedded database, the providers and the editors share its cores.

const KILLS = Number(process.argv[2] ?? 200)
const SERVERS = 100
const BROWSERS = 20
const EDITORS = 60
const PORT = 4910
const SILENCE_MS = 10_000 // a provider that says nothing for this long counts as lost
const url = `http://127.0.0.1:${PORT}`
const token = randomBytes(24).toString('hex')

type Json = Record<string, unknown>

async function api(method: string, path: string, body?: Json, ifMatch?: string) {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    },
    body: body && JSON.stringify(body),
  })
  const text = await response.text()
  return {
    status: response.status,
    etag: response.headers.get('etag') ?? '',
    body: text ? JSON.parse(text) : null,
  }
}

async function startProduct(dataDir: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['dist/server.mjs'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      // one machine asks for all: nothing is refused here, and all is counted
      JACKSTAFF_LIMIT_READS: '1000000000/60',
      JACKSTAFF_LIMIT_WRITES: '1000000000/60',
      JACKSTAFF_LIMIT_KILLS: '1000000000/60',
      JACKSTAFF_LIMIT_CONFIG: '1000000000/60',
      JACKSTAFF_LIMIT_STREAMS: '1000000000/60',
      JACKSTAFF_LIMIT_TELEMETRY: '1000000000/60',
      NODE_ENV: 'production',
      PORT: String(PORT),
      PUBLIC_URL: url,
      DATABASE_URL: '',
      JACKSTAFF_DATA_DIR: dataDir,
      JACKSTAFF_BOOTSTRAP_TOKEN: token,
      LOG_LEVEL: 'error',
    },
  })
  for (let tries = 0; tries < 300; tries++) {
    if ((await fetch(`${url}/readyz`).catch(() => null))?.ok) return child
    await sleep(100)
  }
  throw new Error('Jackstaff did not start')
}

/** The flag that is killed, one flag an editor, and a key of each kind. */
async function seed() {
  await api('POST', '/projects', { key: 'bench', name: 'Bench' })
  const flag = (key: string) => ({ key, name: key, type: 'boolean', browser: true })
  await api('POST', '/projects/bench/flags', flag('checkout'))
  for (let i = 0; i < EDITORS; i++) await api('POST', '/projects/bench/flags', flag(`edited-${i}`))
  const keys = '/projects/bench/environments/production/keys'
  const [server, client] = [
    await api('POST', keys, { kind: 'server', name: 'bench' }),
    await api('POST', keys, { kind: 'client', mode: 'full', name: 'bench' }),
  ]
  return { serverKey: server.body.key as string, clientKey: client.body.key as string }
}

type Changed = { flagsChanged?: readonly string[] } | undefined
type Listener = (event: unknown) => void

/** Connects every provider; `heard` is called for each change event. */
async function connect(keys: { serverKey: string; clientKey: string }, heard: (index: number) => Listener) {
  const servers = Array.from({ length: SERVERS }, (_, i) => {
    const provider = new JackstaffProvider({ url, key: keys.serverKey })
    provider.events.addHandler(ServerEvents.ConfigurationChanged, heard(i))
    return provider
  })
  const browsers = Array.from({ length: BROWSERS }, (_, i) => {
    // A kill is as fast in mode residual; lifting it is spread over two seconds there, and the rounds would wait for that.
    const provider = new JackstaffWebProvider({ url, key: keys.clientKey, mode: 'full' })
    provider.events.addHandler(WebEvents.ConfigurationChanged, heard(SERVERS + i))
    return provider
  })
  await Promise.all(servers.map((provider) => provider.initialize()))
  await Promise.all(browsers.map((provider) => provider.initialize()))
  return () => Promise.all([...servers, ...browsers].map((provider) => provider.onClose()))
}

const KILL = '/projects/bench/flags/checkout/environments/production/kill'

const percentile = (sorted: readonly number[], p: number) =>
  sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * p) / 100) - 1)]!

function summary(name: string, times: readonly number[]) {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (p: number) => Math.round(percentile(sorted, p) * 10) / 10
  return { name, count: times.length, p50: at(50), p90: at(90), p99: at(99), max: at(100) }
}

async function main() {
  const dataDir = mkdtempSync(join(tmpdir(), 'jackstaff-bench-'))
  const product = await startProduct(dataDir)
  let waiting = new Set<number>()
  let all = () => {}
  const heard = (index: number) => (event: unknown) => {
    const flagsChanged = (event as Changed)?.flagsChanged
    if (flagsChanged && !flagsChanged.includes('checkout')) return
    waiting.delete(index)
    if (waiting.size === 0) all()
  }
  /** Sends a change of the overlay; resolves with milliseconds to the answer and to the last provider. */
  async function timed(change: () => ReturnType<typeof api>) {
    waiting = new Set(Array.from({ length: SERVERS + BROWSERS }, (_, i) => i))
    const everyone = new Promise<void>((resolve) => {
      all = resolve
    })
    const started = performance.now()
    const last = everyone.then(() => performance.now() - started)
    const answer = await change()
    const answered = performance.now() - started
    if (answer.status >= 300) throw new Error(`HTTP ${answer.status}: ${JSON.stringify(answer.body)}`)
    const reached = await Promise.race([last, sleep(SILENCE_MS).then(() => Number.NaN)])
    if (Number.isNaN(reached)) throw new Error(`${waiting.size} providers heard nothing for ${SILENCE_MS} ms`)
    return { answer, answered, reached }
  }

  async function kills(name: string) {
    const answered: number[] = []
    const reached: number[] = []
    for (let i = 0; i < KILLS; i++) {
      const kill = await timed(() => api('PUT', KILL, { reason: 'bench' }))
      answered.push(kill.answered)
      reached.push(kill.reached)
      await timed(() => api('DELETE', KILL, undefined, kill.answer.etag))
    }
    return [summary(`${name}: acknowledged`, answered), summary(`${name}: last provider`, reached)]
  }

  let editing = true
  let edits = 0
  async function edit(index: number) {
    const path = `/projects/bench/flags/edited-${index}/environments/production`
    for (let share = 0; editing; share = (share + 1_000) % 100_000) {
      const { etag } = await api('GET', path)
      const rollout = { share, split: [{ variant: 'on', weight: 100_000 }], rest: { variant: 'off' } }
      const answer = await api('PUT', path, { on: true, offVariant: 'off', fallthrough: { rollout } }, etag)
      if (answer.status === 200) edits++
    }
  }

  try {
    const close = await connect(await seed(), heard)
    const rows = await kills('in peace')
    const started = performance.now()
    const editors = Array.from({ length: EDITORS }, (_, i) => edit(i))
    rows.push(...(await kills(`while ${EDITORS} editors publish`)))
    editing = false
    await Promise.all(editors)
    const editsPerSecond = Math.round(edits / ((performance.now() - started) / 1_000))
    await close()
    console.log(`${KILLS} kills, ${SERVERS} server providers, ${BROWSERS} web providers; milliseconds`)
    console.table(rows)
    console.log(`publishes beside the kills: ${edits} (${editsPerSecond} per second)`)
    const result = {
      kills: KILLS,
      servers: SERVERS,
      browsers: BROWSERS,
      editors: EDITORS,
      editsPerSecond,
      rows,
    }
    writeFileSync('dist/bench-kill.json', `${JSON.stringify(result, null, 2)}\n`)
    console.log('JSON: dist/bench-kill.json')
  } finally {
    product.kill('SIGTERM')
    await new Promise((resolve) => product.once('exit', resolve))
    rmSync(dataDir, { recursive: true, force: true })
  }
}

await main()
process.exit(0)
