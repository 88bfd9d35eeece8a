import { CopyButton } from '@/app/_ui/copy-button'
import type { Kind } from './draft'

type Address = { label: string; path: string }

/** As `addressesOf` of the server has them. */
const addresses: Record<Kind, Address[]> = {
  oidc: [{ label: 'Redirect URI', path: '/api/auth/callback/KEY' }],
  saml: [
    { label: 'Assertion consumer service (ACS) URL', path: '/api/auth/saml/KEY' },
    { label: 'Entity ID, audience', path: '/api/auth/saml/KEY/metadata' },
  ],
}

/** What the provider is told of us. */
export function Addresses({ kind, origin, connection }: { kind: Kind; origin: string; connection: string }) {
  return (
    <dl className="flex flex-col gap-3">
      {addresses[kind].map(({ label, path }) => {
        const address = `${origin}${path.replace('KEY', connection || '<key>')}`
        return (
          <div key={label}>
            <dt className="font-medium text-sm">{label}</dt>
            <dd className="mt-1.5 flex items-center gap-2 rounded-md border bg-sunken py-1 pr-1 pl-2.5">
              <code className="min-w-0 flex-1 select-all break-all font-mono text-sm">{address}</code>
              <CopyButton text={address} label={`Copy the ${label}`} />
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
