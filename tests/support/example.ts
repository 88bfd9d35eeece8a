import { type Jackstaff, share } from './jackstaff'
import { freePort, type Program, start, until } from './process'

export type Keys = { readonly serverKey: string; readonly clientKey: string }

const PROJECT = '/projects/harbour'

/** The project that the examples ask for: a boolean and a string, both off in production, and a key of each kind. */
export async function seedExample({ api }: Pick<Jackstaff, 'api'>): Promise<Keys> {
  await api('POST', '/projects', { key: 'harbour', name: 'Harbour Supply' })
  const checkout = { key: 'new-checkout', name: 'New checkout', type: 'boolean', browser: true }
  const variants = { shipping: 'Free shipping this week', sale: '10 % off everything', none: '' }
  const banner = { key: 'sale-banner', name: 'Sale banner', type: 'string', variants, browser: true }
  for (const flag of [checkout, { ...banner, offVariant: 'none' }])
    await api('POST', `${PROJECT}/flags`, flag)
  const keys = `${PROJECT}/environments/production/keys`
  const server = await api('POST', keys, { kind: 'server', name: 'server' })
  const client = await api('POST', keys, { kind: 'client', name: 'browser' })
  return { serverKey: server.body.key, clientKey: client.body.key }
}

async function publish({ api }: Pick<Jackstaff, 'api'>, flag: string, targeting: object): Promise<void> {
  const path = `${PROJECT}/flags/${flag}/environments/production`
  const { headers } = await api('GET', path)
  const { status, body } = await api('PUT', path, targeting, { 'if-match': headers.get('etag') ?? '' })
  if (status !== 200) throw new Error(`${flag} was not published: ${JSON.stringify(body)}`)
}

/** Serves the new checkout to a share of all visitors. */
export const publishCheckout = (jackstaff: Jackstaff, percent: number) =>
  publish(jackstaff, 'new-checkout', share(percent))

/** Shows a banner to everyone: `shipping`, `sale` or `none`. */
export const publishBanner = (jackstaff: Jackstaff, variant: string) =>
  publish(jackstaff, 'sale-banner', { on: true, offVariant: 'none', fallthrough: { variant } })

/** Shows a banner to a share of all visitors, and nothing to the others. */
export const publishBannerTo = (jackstaff: Jackstaff, variant: string, percent: number) =>
  publish(jackstaff, 'sale-banner', {
    on: true,
    offVariant: 'none',
    fallthrough: {
      rollout: {
        share: percent * 1_000,
        split: [{ variant, weight: 100_000 }],
        rest: { variant: 'none' },
      },
    },
  })

/** Shows a banner to those with an e-mail address, and another one to everyone else. */
export const publishBannerFor = (jackstaff: Jackstaff, email: string, variant: string, rest: string) =>
  publish(jackstaff, 'sale-banner', {
    on: true,
    offVariant: 'none',
    rules: [
      { id: 'staff', when: { attribute: 'email', op: 'is_one_of', values: [email] }, serve: { variant } },
    ],
    fallthrough: { variant: rest },
  })

export type Example = { readonly url: string; readonly program: Program; text(path: string): Promise<string> }

/** Starts an example in its folder, and waits until it answers. `args`: what Node runs, for a port. */
export async function startExample(
  name: string,
  args: (port: string) => string[],
  env: Record<string, string>,
): Promise<Example> {
  const port = String(await freePort())
  const url = `http://localhost:${port}`
  const program = start(process.execPath, args(port), { PORT: port, ...env }, `examples/${name}`)
  const answers = async () => {
    if (program.child.exitCode !== null) throw new Error(`"${name}" ended: ${program.output()}`)
    return (await fetch(url).catch(() => null))?.ok
  }
  await until(`the example "${name}"`, answers, 30_000).catch(async (error: unknown) => {
    await program.end()
    throw error
  })
  return { url, program, text: async (path) => (await fetch(url + path)).text() }
}
