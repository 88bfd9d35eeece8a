import { spawnSync } from 'node:child_process'
import { ROOT, ready } from './prepare.mjs'
import { installEngine } from './programs.mjs'

/** `npm run image`: builds the Dockerfile and runs compose.yaml for real, in three to six minutes. As root on Debian. */

await ready()
installEngine()
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'tests/image/'], {
  cwd: ROOT,
  stdio: 'inherit',
})
process.exit(status ?? 1)
