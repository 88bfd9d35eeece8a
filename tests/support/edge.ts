import { type Jackstaff, whenReady } from './jackstaff'
import { freePort, type Program, start } from './process'

export type Edge = { url: string; program: Program }

/** An edge process of the installation; `npm run build` comes first. */
export async function startEdge(
  of: Pick<Jackstaff, 'env'>,
  extra: Record<string, string> = {},
): Promise<Edge> {
  const port = Number(extra.PORT ?? (await freePort()))
  const url = `http://127.0.0.1:${port}`
  const { DATABASE_URL, JACKSTAFF_SECRET } = of.env
  const program = start(process.execPath, ['dist/edge.mjs'], {
    NODE_ENV: 'production',
    PORT: String(port),
    DATABASE_URL: DATABASE_URL!,
    JACKSTAFF_SECRET: JACKSTAFF_SECRET!,
    ...extra,
  })
  await whenReady(url, program)
  return { url, program }
}
