import { z } from 'zod'
import { db } from '@/db/client'
import type { SsoPurpose } from '@/db/sso-attempts'
import type { Ctx } from '@/lib/control/context'
import { ControlError } from '@/lib/control/errors'
import { recordEvent } from '@/lib/control/events'
import { action } from '@/lib/control/operation'
import { selfSignedIn } from '@/lib/control/people/sessions'
import { ref } from '@/lib/control/schemas'
import { assertTrusted, secretOf } from '@/lib/control/sso/connections'
import { connectionInput } from '@/lib/control/sso/fields'
import { ssoRefused } from '@/lib/control/sso/refused'
import { type Connection, connectionOf, findConnection } from '@/lib/control/sso/rows'
import { HOME, nextPath } from '../next-path'
import { tries } from '../tries'
import { openAttempt } from './attempts'
import { beginOidc } from './next-auth'
import { beginSaml } from './saml'

/** Where to send the browser, and what its cookie keeps. `id`: the log-in's. */
export type Begun = { redirect: string; id: string; browser: string }

type Wanted = {
  purpose: SsoPurpose
  next: string
  who: { id: string; session: string } | null
  isDraft?: boolean
}

async function begin(
  connection: Connection,
  { purpose, next, who, isDraft = false }: Wanted,
): Promise<Begun> {
  const { settings } = connection
  const again = purpose === 'again'
  const begun =
    settings.kind === 'oidc'
      ? await beginOidc({ ...connection, settings }, again)
      : { ...(await beginSaml({ ...connection, settings }, again)), checks: null }
  const { redirect, ...rest } = begun
  const attempt = {
    ...rest,
    connection,
    purpose,
    next,
    isDraft,
    userId: who?.id ?? null,
    session: who?.session ?? null,
  }
  return { redirect, ...(await openAttempt(attempt)) }
}

async function enabled(key: string): Promise<Connection> {
  const row = await findConnection(db(), key)
  if (!row.enabled) throw ssoRefused('off')
  return row
}

function assertNext(text: string | undefined): string {
  if (text === undefined) return HOME
  const path = nextPath(text)
  if (path !== null) return path
  const message = 'only a page of this dashboard can follow a sign-in'
  throw new ControlError('forbidden', `next: ${message}`, [{ path: 'next', message }])
}

const beginnings = tries('sso', { most: 600, seconds: 60 }) // behind a proxy, a whole company has one address
const knock = ({ ip }: Ctx) => beginnings.take(ip ?? 'unknown')

/** Where somebody who proves once more who they are ends up: in a tab that may be closed. */
const SIGNED_IN = '/signed-in'

/** Begins a log-in at a provider. `again`: it shall ask whoever is signed in here who they are. */
export const beginSignIn = action({
  permission: 'anyone',
  input: z.strictObject({
    connection: ref,
    next: z.string().max(4_000, 'at most 4,000 characters').optional(),
    again: z.boolean().default(false),
  }),
  run: async ({ connection, next, again }, ctx): Promise<Begun> => {
    await knock(ctx)
    const path = assertNext(next)
    const found = await enabled(connection)
    if (!again) return begin(found, { purpose: 'sign-in', next: path, who: null })
    return begin(found, { purpose: 'again', next: SIGNED_IN, who: selfSignedIn(ctx) })
  },
})

/** Begins a log-in that becomes one more way in for whoever asks. */
export const beginLink = action({
  permission: 'signed in',
  fresh: true,
  input: z.strictObject({ connection: ref }),
  run: async ({ connection }, ctx): Promise<Begun> => {
    await knock(ctx)
    const who = selfSignedIn(ctx)
    return begin(await enabled(connection), { purpose: 'link', next: '/settings/sessions', who })
  },
})

/** The connection that is kept under a key, where there is one. */
async function keptConnection(key: string) {
  try {
    return await findConnection(db(), key)
  } catch (error) {
    if (error instanceof ControlError && error.kind === 'not_found') return null
    throw error
  }
}

/** Begins a log-in that signs nobody in and shows what came. The connection need not be saved. */
export const beginTest = action({
  permission: 'sso:write',
  fresh: true,
  input: connectionInput,
  run: async (input, ctx): Promise<Begun> => {
    await knock(ctx)
    assertTrusted(ctx.actor)
    const who = selfSignedIn(ctx)
    const connection = { ...connectionOf(input), secret: secretOf(input, await keptConnection(input.key)) }
    const begun = await begin(connection, { purpose: 'test', next: HOME, who, isDraft: true })
    await recordEvent(ctx, { action: 'sso.test', target: `sso:${input.key}`, projectId: null })
    return begun
  },
})
