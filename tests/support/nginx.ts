import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, type Program, start, until } from './process'

export type Nginx = { url: string; program: Program; remove(): Promise<void> }

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

/** An nginx of its own, from Debian, that has these directives for every location. */
export async function startNginx(location: string): Promise<Nginx> {
  const port = await freePort()
  const prefix = mkdtempSync(join(tmpdir(), 'jackstaff-nginx-'))
  const paths = TEMPORARY.map((name) => `${name}_temp_path ${prefix}/${name};`).join(' ')
  writeFileSync(
    join(prefix, 'nginx.conf'),
    `daemon off; pid ${prefix}/pid; worker_processes 1; error_log stderr warn;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 256; }
http { access_log off; ${paths}
  server { listen 127.0.0.1:${port}; location / { ${location} } }
}`,
  )
  const program = start('nginx', ['-p', prefix, '-c', join(prefix, 'nginx.conf'), '-e', 'stderr'], {})
  const url = `http://127.0.0.1:${port}`
  await until(`nginx on ${port}: ${program.output()}`, () =>
    fetch(url).then(
      () => true,
      () => false,
    ),
  )
  return {
    url,
    program,
    async remove() {
      await program.end('SIGKILL')
      rmSync(prefix, { recursive: true, force: true })
    },
  }
}
