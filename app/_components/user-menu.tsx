'use client'
import { ChevronsUpDown, Keyboard, LogOut, Monitor, Moon, Settings, Sun } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Menu, MenuChoices, MenuItem, MenuLabel, MenuLink, MenuSeparator } from '@/app/_ui/menu'
import { toast } from '@/app/_ui/toast'
import { api } from '@/lib/api-client'
import { paths } from '@/lib/paths'
import { storeTheme, type Theme } from './theme'
import { useAction } from './use-action'

const choices = [
  { value: 'system', label: 'As the system', icon: Monitor },
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
] as const satisfies { value: Theme; label: string; icon: unknown }[]

const initials = (name: string) =>
  name
    .split(/\s+/)
    .map((word) => word[0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase()

export function UserMenu({
  name,
  theme,
  onShortcuts,
}: {
  name: string
  theme: Theme
  onShortcuts: () => void
}) {
  const router = useRouter()
  const signOut = useAction(async () => {
    await api.signOut().catch(() => toast.failed('Not signed out', 'The server did not answer. Try again.'))
    router.push(paths.signIn())
    router.refresh()
  })
  return (
    <Menu
      side="top"
      align="start"
      trigger={
        <button
          type="button"
          className="flex h-10 w-full items-center gap-2 rounded-md px-2 text-left transition-colors hover:bg-hover"
        >
          <span
            aria-hidden
            className="flex size-6 shrink-0 items-center justify-center rounded-full bg-accent-soft font-semibold text-[10px] text-accent-ink"
          >
            {initials(name)}
          </span>
          <span className="min-w-0 flex-1 truncate">{name}</span>
          <ChevronsUpDown size={14} aria-hidden className="text-ink-3" />
        </button>
      }
    >
      <MenuLabel>Appearance</MenuLabel>
      <MenuChoices
        value={theme}
        onChange={storeTheme}
        choices={choices.map(({ value, label, icon: Icon }) => ({
          value,
          label: (
            <>
              <Icon size={16} aria-hidden className="text-ink-3" /> {label}
            </>
          ),
        }))}
      />
      <MenuSeparator />
      <MenuLink href={paths.settings()}>
        <Settings size={16} aria-hidden className="text-ink-3" /> Settings
      </MenuLink>
      <MenuItem onSelect={onShortcuts}>
        <Keyboard size={16} aria-hidden className="text-ink-3" /> Keyboard shortcuts
      </MenuItem>
      <MenuItem onSelect={signOut.run}>
        <LogOut size={16} aria-hidden className="text-ink-3" /> Sign out
      </MenuItem>
    </Menu>
  )
}
