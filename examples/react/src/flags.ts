import { JackstaffWebProvider } from '@jackstaff/openfeature-web'
import { OpenFeature } from '@openfeature/react-sdk'

/** Who looks at the page. An app with accounts uses the id of the account. */
export const visitor = new URLSearchParams(location.search).get('visitor') ?? 'ana'

const provider = new JackstaffWebProvider({
  url: import.meta.env.VITE_JACKSTAFF_URL ?? 'http://localhost:3000',
  key: import.meta.env.VITE_JACKSTAFF_CLIENT_KEY ?? '',
  logger: console,
})

OpenFeature.setProvider(provider, { targetingKey: visitor })
