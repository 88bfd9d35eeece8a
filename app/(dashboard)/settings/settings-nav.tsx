'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { cx } from '@/app/_ui/cx'
import { paths } from '@/lib/paths'

type Place = { label: string; href: string }

function Places({ label, places }: { label: string; places: Place[] }) {
  const pathname = usePathname()
  if (places.length === 0) return null
  return (
    <nav aria-label={label} className="flex items-center gap-0.5 lg:flex-col lg:items-stretch">
      <p className="hidden px-2.5 pb-1 font-medium text-ink-3 text-xs lg:block">{label}</p>
      {places.map(({ label, href }) => {
        const current = pathname === href || pathname.startsWith(`${href}/`)
        return (
          <Link
            key={href}
            href={href}
            aria-current={current ? 'page' : undefined}
            className={cx(
              'flex h-8 items-center whitespace-nowrap rounded-md px-2.5 transition-colors focus-visible:outline-offset-[-2px]',
              current
                ? 'bg-accent-soft font-medium text-accent-ink'
                : 'text-ink-2 hover:bg-hover hover:text-ink',
            )}
          >
            {label}
          </Link>
        )
      })}
    </nav>
  )
}

/** The places of the settings, as far as somebody may go there. */
export function SettingsNav({
  members,
  tokens,
  sso,
  audit,
  webhooks,
}: {
  members: boolean
  tokens: boolean
  sso: boolean
  audit: boolean
  webhooks: boolean
}) {
  return (
    <div className="mb-5 flex gap-4 overflow-x-auto lg:flex-col">
      <Places
        label="Installation"
        places={[
          ...(members
            ? [
                { label: 'Members', href: paths.members() },
                { label: 'Groups', href: paths.groups() },
                { label: 'Roles', href: paths.roles() },
              ]
            : []),
          ...(sso ? [{ label: 'Single sign-on', href: paths.sso() }] : []),
          ...(tokens ? [{ label: 'Service tokens', href: paths.tokens() }] : []),
          ...(audit ? [{ label: 'Audit', href: paths.installationAudit() }] : []),
          ...(webhooks ? [{ label: 'Audit stream', href: paths.webhooks({ project: null }) }] : []),
        ]}
      />
      <Places
        label="You"
        places={[
          { label: 'Sessions', href: paths.mySessions() },
          { label: 'Personal tokens', href: paths.myTokens() },
        ]}
      />
    </div>
  )
}
