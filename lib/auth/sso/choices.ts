import { z } from 'zod'
import { query } from '@/lib/control/operation'
import { isSsoRefusal, refusalWords } from '@/lib/control/sso/refused'
import { enabledConnections } from '@/lib/control/sso/rows'
import type { SsoChoice } from '@/lib/control/sso/views'
import { isBreakGlassOn } from '../break-glass'

export type Choices = { connections: SsoChoice[]; breakGlass: boolean }

/** The ways in, besides a link. */
export const listChoices = query({
  permission: 'anyone',
  input: z.strictObject({}),
  run: async (db): Promise<Choices> => ({
    connections: await enabledConnections(db),
    breakGlass: isBreakGlassOn(),
  }),
})

const others: Readonly<Record<string, string>> = {
  busy: 'Jackstaff is busy, or its database does not answer: try again shortly',
  failed: 'something failed on our side: an admin finds it in the log',
}

/** What a page says of a log-in that came to nothing. It knows codes alone: no address makes it say anything else. */
export function problemWords(code: string | undefined): string | null {
  if (isSsoRefusal(code)) return refusalWords(code)
  return code !== undefined && Object.hasOwn(others, code) ? others[code]! : null
}
