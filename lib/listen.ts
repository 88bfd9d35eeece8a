import type { Server, ServerOptions } from 'node:http'
import { env } from './env'

/** What both entries serve with. */
export const serverOptions: ServerOptions = {
  keepAliveTimeout: 65_000, // longer than a load balancer's, so that it never meets a closing socket
  requestTimeout: 15_000, // 1 MB from a slow line; whoever dawdles with its body must not hold a place for longer
  connectionsCheckingInterval: 1_000,
}

const BACKLOG = 4_096 // connections that knock together after a restart; the system may allow fewer

/** Takes the port that the environment names, or says what is in the way. */
export function listen(server: Server): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(
        error.code === 'EADDRINUSE'
          ? new Error(`port ${env.port} is in use: stop what listens there, or start with PORT=<another>`)
          : error,
      ),
    )
    server.listen({ port: env.port, host: env.host, backlog: BACKLOG }, () => done())
  })
}
