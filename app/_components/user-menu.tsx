'use client'
import { ChevronsUpDown, Keyboard, LogOut, Monitor, Moon, Settings, Sun } from 'lucide-react'
import { useState } from 'react'
import { Menu, MenuChoices, MenuItem, MenuLabel, MenuLink, MenuSeparator } from '@/app/_ui/menu'
import { toast } from '@/app/_ui/toast'
import { api } from '@/lib/api-client'
import { paths } from '@/lib/paths'
import { plural } from '@/lib/plural'
import { bulk } from './bulk/run'
import { ConfirmDialog } from './confirm-dialog'
import { storeTheme, type Theme } from './theme'
import { allDrafts } from './use-draft'

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

/** What goes when somebody signs out; null: nothing. */
function whatIsLost(): string | null {
  const drafts = allDrafts.count()
  const lost = [
    bulk.isUnderWay() && 'The change of many flags stops where it is.',
    drafts > 0 && `${plural(drafts, 'draft')} of yours in this tab will be lost.`,
  ].filter(Boolean)
  return lost.length === 0 ? null : lost.join(' ')
}

export function UserMenu({
  name,
  theme,
  onShortcuts,
}: {
  name: string
  theme: Theme
  onShortcuts: () => void
}) {
  const [losing, setLosing] = useState<string | null>(null)
  const signOut = async () => {
    await api.signOut()
    bulk.close()
    location.assign(paths.signIn()) // a page anew: nothing of this one stays in memory
  }
  const ask = () => {
    const lost = whatIsLost()
    if (lost) setLosing(lost)
    else signOut().catch(() => toast.failed('Not signed out', 'The server did not answer. Try again.'))
  }
  return (
    <>
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
        <MenuItem onSelect={ask}>
          <LogOut size={16} aria-hidden className="text-ink-3" /> Sign out
        </MenuItem>
      </Menu>
      {losing && (
        <ConfirmDialog
          title="Sign out?"
          description={losing}
          confirm="Sign out"
          look="danger"
          onConfirm={signOut}
          onClose={() => setLosing(null)}
        />
      )}
    </>
  )
}
