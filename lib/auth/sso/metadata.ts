import { z } from 'zod'
import { notFound } from '@/lib/control/errors'
import { query } from '@/lib/control/operation'
import { ref } from '@/lib/control/schemas'
import { findConnection } from '@/lib/control/sso/rows'
import { samlMetadata } from './saml'

/** What a SAML provider is given to know us by. It holds no secret, and providers fetch it. */
export const getSamlMetadata = query({
  permission: 'anyone',
  input: z.strictObject({ connection: ref }),
  run: async (db, { connection }): Promise<string> => {
    const { settings, ...row } = await findConnection(db, connection)
    if (settings.kind !== 'saml') throw notFound('SAML connection', connection)
    return samlMetadata({ ...row, settings })
  },
})
