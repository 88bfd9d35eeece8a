import { existsSync } from 'node:fs'
import { run, say } from './prepare.mjs'

const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const LIBRARIES = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'

/** Programs that `npm test` runs for real, and the Debian packages they come in. */
const OF_TESTS = {
  '/usr/bin/redis-server': ['redis-server'],
  '/usr/sbin/nginx': ['nginx'],
  '/usr/lib/nginx/modules/ngx_nchan_module.so': ['libnginx-mod-nchan'],
  '/usr/sbin/haproxy': ['haproxy'],
  '/usr/bin/pushpin': ['pushpin', 'condure', 'zurl'],
  '/usr/sbin/ip': ['iproute2'],
  '/usr/sbin/nft': ['nftables'],
  [`/usr/lib/${LIBRARIES}/faketime/libfaketime.so.1`]: ['libfaketime'],
}

/** What builds and runs the image. */
const OF_IMAGE = {
  '/usr/bin/podman': ['podman', 'crun', 'catatonit', 'netavark', 'aardvark-dns'],
  '/usr/bin/podman-compose': ['podman-compose'],
  '/usr/bin/mmdebstrap': ['mmdebstrap'],
}

/** Installs from Debian what is missing, and says so. */
function install(programs, more = []) {
  const missing = Object.entries(programs).flatMap(([path, packages]) => (existsSync(path) ? [] : packages))
  const packages = [...new Set([...more, ...missing])]
  if (packages.length === 0) return
  say(`Installing from Debian (apt-get), for tests that run them: ${packages.join(', ')}.`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  run('apt-get', ['update', '-qq'], { env })
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env })
}

/** For `npm test`, with a browser where there is none; `CHROMIUM_PATH` names it from then on. */
export function installPrograms() {
  const browser = [process.env.CHROMIUM_PATH, ...BROWSERS].find((path) => path && existsSync(path))
  process.env.CHROMIUM_PATH = browser ?? BROWSERS[0]
  install(OF_TESTS, browser ? [] : ['chromium'])
}

/** For `npm run image`. */
export const installEngine = () => install(OF_IMAGE)
