import { join } from 'node:path'
import { type Deployed, deployed } from './deployed'
import { freePort, type Program, start, until } from './process'
import { raw } from './raw-http'

export type Nginx = { url: string; port: number; program: Program; stop(): Promise<void> }

/** nginx from Debian with `deploy/<name>/nginx.conf`; `instead` as for `deployed`. */
export async function startNginx(
  name: string,
  listens: string,
  instead: Record<string, string>,
): Promise<Nginx> {
  const port = await freePort()
  const files: Deployed = deployed(name, {
    [listens]: `127.0.0.1:${port}`,
    'user www-data;': 'user root;', // the folder is the test's own
    'worker_processes auto;': 'worker_processes 1;',
    'worker_rlimit_nofile 100000;': 'worker_rlimit_nofile 5000;',
    'worker_connections 40000;': 'worker_connections 4000;',
    '/run/nginx.pid': '{folder}/run/nginx.pid',
    '/var/lib/nginx': '{folder}/run',
    ...instead,
  })
  const config = join(files.folder, 'nginx.conf')
  const program = start('nginx', ['-p', files.folder, '-c', config, '-g', 'daemon off;'], {})
  const url = `http://127.0.0.1:${port}`
  const answers = () =>
    raw(`${url}/readyz`).then(
      () => true,
      () => program.child.exitCode !== null,
    )
  await until(`nginx on ${port}`, answers)
  if (program.child.exitCode !== null) throw new Error(`nginx ended: ${program.output()}`)
  return {
    url,
    port,
    program,
    async stop() {
      await program.end()
      files.remove()
    },
  }
}
