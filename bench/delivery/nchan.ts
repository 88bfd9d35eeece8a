import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { atEnd } from './cleanup'
import { freePort, start } from './program'
import type { Target } from './reader-process'

const MODULE = '/usr/lib/nginx/modules/ngx_nchan_module.so' // Debian: libnginx-mod-nchan

export type Nchan = {
  /** The one process that holds the streams. */
  worker: number
  target: Target
  publish(text: string): Promise<void>
}

const configuration = (folder: string, port: number) => `
load_module ${MODULE};
user root;
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid ${folder}/nginx.pid;
error_log stderr crit;
events { worker_connections 16384; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  nchan_shared_memory_size 256m;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /publish { nchan_publisher; nchan_channel_id bench; nchan_message_buffer_length 4; }
    location = /stream {
      nchan_subscriber eventsource;
      nchan_channel_id bench;
      nchan_subscriber_first_message newest;
      nchan_eventsource_ping_interval 10;
    }
  }
}
`

/** nginx with nchan from Debian: one worker, as our edge is one process. */
export async function startNchan(version: number): Promise<Nchan> {
  const folder = mkdtempSync(join(tmpdir(), 'jackstaff-nchan-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'client_body'))
  const port = await freePort()
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, configuration(folder, port))
  const { pid, child } = start('nginx', ['-p', folder, '-c', file])
  const url = `http://127.0.0.1:${port}/publish`
  const answered = () =>
    fetch(url)
      .then(() => true)
      .catch(() => false)
  while (!(await answered())) {
    if (child.exitCode !== null)
      throw new Error(`nginx ended with ${child.exitCode}: is ${MODULE} installed?`)
    await sleep(50)
  }
  const worker = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0])
  return {
    worker,
    target: {
      port,
      request: `GET /stream HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: text/event-stream\r\n`,
      version,
    },
    async publish(text) {
      const response = await fetch(url, { method: 'POST', body: text })
      await response.arrayBuffer()
      if (!response.ok) throw new Error(`nchan: HTTP ${response.status}`)
    },
  }
}
