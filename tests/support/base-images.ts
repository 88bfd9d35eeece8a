import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { binaries } from '@/db/embedded-places'
import { certificates, type Podman } from './podman'

// Stand-ins for the images that the Dockerfile and compose.yaml name, made of what Debian and npm give: no registry of
// images is asked. They hold what their originals do as far as ours can tell: the same Debian, Node, accounts, entrypoint.

const run = promisify(execFile)

/** The newest 22 that npm has, and the npm that comes with it. */
const NODE = `node-${process.platform}-${process.arch}`
const FROM_NPM = [`${NODE}@22.23.3`, 'npm@10.9.9']

/** From where this machine has its own packages. */
const SOURCES = ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list'].filter((path) =>
  existsSync(path),
)

/** As in Debian's images for containers: what nobody reads is left out. */
const UNREAD = ['doc', 'info', 'locale', 'man'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`)

const ENTRYPOINT = `#!/bin/sh
set -e
if [ "\${1#-}" != "$1" ] || ! command -v "$1" > /dev/null; then set -- node "$@"; fi
exec "$@"
`

/** `node:22-bookworm-slim`; it trusts whom this machine trusts. */
export async function importNode({ folder, podman }: Podman): Promise<void> {
  const [root, packages] = [join(folder, 'debian'), join(folder, 'npm')]
  await Promise.all([
    run('mmdebstrap', [
      '--variant=minbase',
      '--include=libstdc++6',
      '--dpkgopt=force-unsafe-io',
      ...UNREAD,
      'bookworm',
      root,
      ...SOURCES.slice(0, 1),
    ]),
    run('npm', ['install', '--prefix', packages, '--ignore-scripts', '--no-audit', '--no-fund', ...FROM_NPM]),
  ])
  const local = (path: string) => join(root, 'usr/local', path)
  const modules = local('lib/node_modules')
  mkdirSync(modules, { recursive: true })
  cpSync(join(packages, 'node_modules', NODE, 'bin/node'), local('bin/node'))
  await run('cp', ['-a', join(packages, 'node_modules/npm'), modules])
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', local('bin/npm'))
  writeFileSync(local('bin/docker-entrypoint.sh'), ENTRYPOINT, { mode: 0o755 })
  const trusted = certificates()
  if (trusted) {
    mkdirSync(join(root, dirname(trusted)), { recursive: true })
    cpSync(trusted, join(root, trusted), { dereference: true })
    mkdirSync(local('etc'), { recursive: true })
    writeFileSync(local('etc/npmrc'), `cafile=${trusted}\nprefer-offline=true\n`)
  }
  await run('chroot', [root, 'groupadd', '--gid=1000', 'node'])
  await run('chroot', [root, 'useradd', '--uid=1000', '--gid=node', '--create-home', 'node'])
  const tar = join(folder, 'debian.tar')
  await run('tar', [
    '--create',
    '--numeric-owner',
    '--one-file-system',
    '--file',
    tar,
    '--directory',
    root,
    '.',
  ])
  rmSync(root, { recursive: true })
  const says = ['ENTRYPOINT ["docker-entrypoint.sh"]', 'CMD ["node"]'].flatMap((line) => ['--change', line])
  await podman('import', ...says, tar, 'docker.io/library/node:22-bookworm-slim')
  rmSync(tar)
}

const START_POSTGRES = `#!/bin/sh
set -e
export PGDATA=/var/lib/postgresql/18/docker
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  echo "$POSTGRES_PASSWORD" > /tmp/password
  initdb -D "$PGDATA" -U "$POSTGRES_USER" -A scram-sha-256 --pwfile /tmp/password -E UTF8 --no-locale
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
  echo "create database $POSTGRES_DB" | postgres --single -D "$PGDATA" postgres
fi
exec postgres -D "$PGDATA" -c listen_addresses='*' -k /tmp
`

const POSTGRES = `FROM docker.io/library/node:22-bookworm-slim
COPY native /usr/lib/postgresql
COPY --chmod=755 start-postgres /usr/local/bin/
ENV PATH=/usr/lib/postgresql/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
RUN useradd --system postgres && install -d -o postgres /var/lib/postgresql
USER postgres
VOLUME /var/lib/postgresql
ENTRYPOINT ["start-postgres"]
`

/** `postgres:18-bookworm`: the embedded Postgres 18, told what to be by the same variables. */
export async function importPostgres({ folder, build }: Podman): Promise<void> {
  const context = join(folder, 'postgres')
  mkdirSync(context)
  await run('cp', ['-a', dirname(binaries()), join(context, 'native')])
  writeFileSync(join(context, 'start-postgres'), START_POSTGRES)
  writeFileSync(join(context, 'Dockerfile'), POSTGRES)
  await build('docker.io/library/postgres:18-bookworm', context)
  rmSync(context, { recursive: true })
}
