import { spawnSync } from 'node:child_process'
import { ROOT, ready, say } from './prepare.mjs'

/** `npm run soak` for ten minutes, `npm run soak -- --hours 2`: tests/soak says what is judged. */

const [option, given] = process.argv.slice(2)
const hours = Number(given)
if (option !== undefined && (option !== '--hours' || !(hours > 0))) {
  say('Say how long: npm run soak -- --hours 2. Without it, it takes ten minutes.')
  process.exit(1)
}
await ready({ providers: true })
// The heap is asked for by a WebSocket, which Node 20 has behind a flag.
const flag = process.versions.node.startsWith('20.') ? ' --experimental-websocket' : ''
const minutes = option === undefined ? 10 : hours * 60
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'tests/soak/'], {
  cwd: ROOT,
  stdio: 'inherit',
  env: {
    ...process.env,
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''}${flag}`,
    SOAK_MINUTES: String(minutes),
  },
})
process.exit(status ?? 1)
