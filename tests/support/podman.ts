import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Program, start, until } from './process'

const run = promisify(execFile)
const PRINTS = { maxBuffer: 64 * 1024 * 1024 }

export type Podman = Awaited<ReturnType<typeof openPodman>>

/** Container engines raise limits to what root may have; a machine may have less to give. */
const ULIMITS = JSON.stringify(['nofile=16384:16384', 'nproc=16384:16384'])

const settings = (folder: string) => `
[containers]
cgroups = "disabled"
default_ulimits = ${ULIMITS}
log_driver = "k8s-file"
[network]
network_backend = "netavark"
network_config_dir = "${folder}/networks"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "none"
tmp_dir = "${folder}/tmp"
`

/** What was refused, in the words of who refused it. */
function refused(error: unknown): never {
  const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string }
  throw new Error(`${message}\n${stdout.slice(-4_000)}\n${stderr.slice(-4_000)}`)
}

/** The process that holds the namespaces, as this machine numbers it; its mounts are made by then. */
async function heldBy(holder: Program): Promise<number> {
  await until('namespaces for containers', () => {
    if (holder.child.exitCode !== null)
      throw new Error(`containers need root and namespaces, which were refused: ${holder.output()}`)
    return holder.output().includes('ready')
  })
  const { pid } = holder.child
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'))
}

/**
 * Podman from Debian, with images, containers and networks in a folder of its own. Its processes and mounts live in
 * namespaces that end with the test. Needs root.
 */
export async function openPodman() {
  const folder = mkdtempSync(join(tmpdir(), 'jackstaff-podman-'))
  writeFileSync(join(folder, 'containers.conf'), settings(folder))
  writeFileSync(
    join(folder, 'storage.conf'),
    `[storage]\ndriver = "overlay"\ngraphroot = "${folder}/storage"\nrunroot = "${folder}/run"\n`,
  )
  // crun takes no machine that mixes both versions of cgroups: over there is the second alone.
  const hold =
    'umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup && echo ready; exec sleep 86400'
  const namespaces = ['--mount', '--propagation=private', '--pid', '--fork', '--kill-child', '--mount-proc']
  const holder = start('unshare', [...namespaces, 'sh', '-c', hold], {})
  const pid = await heldBy(holder)

  const command = join(folder, 'podman')
  writeFileSync(
    command,
    `#!/bin/sh
export CONTAINERS_CONF=${folder}/containers.conf CONTAINERS_STORAGE_CONF=${folder}/storage.conf
exec nsenter --target ${pid} --mount --pid --wd="$PWD" podman "$@"
`,
    { mode: 0o700 },
  )

  /** Answers with what it prints. */
  const podman = async (...args: string[]): Promise<string> =>
    (await run(command, args, PRINTS).catch(refused)).stdout.trim()

  return {
    folder,
    podman,
    /** The compose command, for `compose.yaml` of this folder, under a name that containers begin with. */
    compose: async (name: string, args: string[], env: Record<string, string>): Promise<void> => {
      const own = { ...PRINTS, env: { ...process.env, ...env } }
      await run('podman-compose', ['--podman-path', command, '-p', name, ...args], own).catch(refused)
    },
    build: (image: string, folderOfContext: string, ...options: string[]) =>
      podman(
        ...['build', '--pull=never', '--layers=false', '--format=docker', '--isolation=chroot'],
        ...['--network=host', ...options, '--tag', image, folderOfContext],
      ),
    /** The files of an image, as paths without a slash before them. */
    async filesOf(image: string): Promise<string[]> {
      const tar = join(folder, 'files.tar')
      const container = await podman('create', image, 'nothing')
      await podman('export', '--output', tar, container)
      await podman('rm', container)
      const { stdout } = await run('tar', ['--list', '--file', tar], PRINTS)
      rmSync(tar)
      return stdout.split('\n').filter((path) => path !== '' && !path.endsWith('/'))
    },
    async remove() {
      try {
        await podman('rm', '--force', '--all', '--volumes')
        await podman('network', 'prune', '--force')
      } finally {
        await holder.end('SIGKILL')
        rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
      }
    },
  }
}

/** Where npm keeps what it has fetched, so that a build fetches nothing twice. */
export async function npmCache(): Promise<string> {
  const folder = (await run('npm', ['config', 'get', 'cache'])).stdout.trim()
  mkdirSync(folder, { recursive: true })
  return folder
}

const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt'

/** The authorities that this machine trusts, where a registry is reached through one of them. */
export const certificates = () => (existsSync(CERTIFICATES) ? CERTIFICATES : null)
