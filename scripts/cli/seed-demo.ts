import { writeFileSync } from 'node:fs'
import { systemContext } from '@/lib/control/context'
import { ControlError } from '@/lib/control/errors'
import { createFlag } from '@/lib/control/flags'
import { createKey, listKeys, revokeKey } from '@/lib/control/keys'
import { createProject } from '@/lib/control/projects'
import { getTargeting, putTargeting } from '@/lib/control/targeting'
import { reportFailure, withInstallation } from './installation'

/** The project behind examples/shop: two flags, switched on in production, and fresh keys. Running it again is safe. */

const project = 'harbour'
const environment = 'production'
const KEY_NAME = 'Demo shop'
const ctx = systemContext('demo')

async function unlessThere(create: Promise<unknown>): Promise<boolean> {
  try {
    await create
    return true
  } catch (error) {
    if (error instanceof ControlError && error.kind === 'conflict') return false
    throw error
  }
}

async function publish(flag: string, targeting: object): Promise<void> {
  const { version } = await getTargeting(ctx, { project, flag, environment })
  const input = { project, flag, environment, ...targeting } as Parameters<typeof putTargeting>[1]
  await putTargeting({ ...ctx, ifMatch: [String(version)] }, input)
}

async function seedFlags(): Promise<void> {
  await unlessThere(createProject(ctx, { key: project, name: 'Harbour Supply' }))
  const checkout = createFlag(ctx, {
    project,
    key: 'new-checkout',
    name: 'New checkout',
    type: 'boolean',
    description: 'The one-page checkout, rolled out by percentage.',
    tags: ['checkout'],
    browser: true,
  })
  if (await unlessThere(checkout))
    await publish('new-checkout', {
      on: true,
      offVariant: 'off',
      fallthrough: {
        rollout: { share: 25_000, split: [{ variant: 'on', weight: 100_000 }], rest: { variant: 'off' } },
      },
    })
  const banner = createFlag(ctx, {
    project,
    key: 'sale-banner',
    name: 'Sale banner',
    type: 'string',
    kind: 'ops',
    variants: { 'free-shipping': 'Free shipping this week', 'ten-percent': '10 % off everything', none: '' },
    offVariant: 'none',
    description: 'The line above the shop. Empty hides it.',
    tags: ['marketing'],
    browser: true,
  })
  if (await unlessThere(banner))
    await publish('sale-banner', { on: true, offVariant: 'none', fallthrough: { variant: 'free-shipping' } })
}

/** Keys are shown once and kept by nobody: each run makes its own and ends those of the run before. */
async function freshKeys(): Promise<{ serverKey: string; clientKey: string }> {
  const { items } = await listKeys(ctx, { project, environment })
  for (const old of items.filter(({ name, revokedAt }) => name === KEY_NAME && revokedAt === null))
    await revokeKey(ctx, { project, environment, key: old.id })
  const server = await createKey(ctx, { project, environment, kind: 'server', name: KEY_NAME })
  const client = await createKey(ctx, { project, environment, kind: 'client', name: KEY_NAME })
  return { serverKey: server.key, clientKey: client.key }
}

/** Writes the keys to the file named by the first argument: they belong in no log. */
async function seed(target: string | undefined): Promise<void> {
  if (target === undefined) throw new Error('name the file that receives the keys')
  await seedFlags()
  writeFileSync(target, JSON.stringify(await freshKeys()), { mode: 0o600 })
}

withInstallation(() => seed(process.argv[2])).catch(reportFailure)
