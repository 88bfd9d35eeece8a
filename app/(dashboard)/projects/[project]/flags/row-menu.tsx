'use client'
import { Menu } from '@base-ui/react/menu'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { ArchiveDialog } from '@/app/_components/archive-dialog'
import { KillDialog } from '@/app/_components/kill-dialog'
import { MenuItem, MenuSeparator, popupClass } from '@/app/_ui/menu'
import { toast } from '@/app/_ui/toast'
import { api } from '@/lib/api-client'
import type { EnvironmentView, ProjectView } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import type { May } from './flags-screen'
import type { OpenMenu } from './flags-table'

type Doing = { kill: EnvironmentView } | 'archive' | null

/** What can be done with a flag of the list. One menu for all rows: it is loaded when it is asked for. */
export function RowMenu({
  project,
  menu: { flag, anchor },
  may,
  onClose,
}: {
  project: ProjectView
  menu: OpenMenu
  may: May
  onClose: () => void
}) {
  const router = useRouter()
  const [open, setOpen] = useState(true)
  const [doing, setDoing] = useState<Doing>(null)
  const restore = async () => {
    onClose()
    try {
      await api.restoreFlag({ project: project.key, flag: flag.key })
      toast.done(`Brought back ${flag.name}`)
      router.refresh()
    } catch (error) {
      toast.failed('It stays archived', (error as Error).message)
    }
  }
  const alive = project.environments.filter(({ key }) => {
    const there = flag.environments[key]
    return there && there.status.state !== 'killed'
  })
  return (
    <>
      <Menu.Root
        open={open}
        onOpenChange={setOpen}
        onOpenChangeComplete={(isOpen) => !isOpen && !doing && onClose()}
        modal={false}
      >
        <Menu.Portal>
          <Menu.Positioner anchor={anchor} align="end" sideOffset={4} className="z-50 outline-none">
            <Menu.Popup className={popupClass} finalFocus={{ current: anchor }}>
              {flag.archived ? (
                <MenuItem disabled={!may.publish} onSelect={restore}>
                  Bring back
                </MenuItem>
              ) : (
                <>
                  {alive.map((environment) => (
                    <MenuItem
                      key={environment.key}
                      tone="danger"
                      disabled={!may.kill}
                      onSelect={() => setDoing({ kill: environment })}
                    >
                      Kill in {environment.name}…
                    </MenuItem>
                  ))}
                  {alive.length > 0 && <MenuSeparator />}
                  <MenuItem disabled={!may.publish} onSelect={() => setDoing('archive')}>
                    Archive…
                  </MenuItem>
                </>
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {doing === 'archive' && <ArchiveDialog project={project.key} flag={flag} onClose={onClose} />}
      {doing !== null && typeof doing === 'object' && (
        <KillDialog
          where={{ project: project.key, flag: flag.key, environment: doing.kill.key }}
          environment={doing.kill}
          offVariant={flag.environments[doing.kill.key]?.offVariant ?? null}
          onClose={onClose}
          onKilled={() => {
            onClose()
            router.push(paths.flag({ project: project.key, flag: flag.key, environment: doing.kill.key }))
          }}
        />
      )}
    </>
  )
}
