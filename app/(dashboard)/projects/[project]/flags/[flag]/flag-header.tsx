'use client'
import { ArrowLeft, Ellipsis } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { ArchiveDialog } from '@/app/_components/archive-dialog'
import { Badge } from '@/app/_ui/badge'
import { Banner } from '@/app/_ui/banner'
import { Button, IconButton } from '@/app/_ui/button'
import { CopyButton } from '@/app/_ui/copy-button'
import { Menu, MenuItem } from '@/app/_ui/menu'
import { Time } from '@/app/_ui/time'
import { toast } from '@/app/_ui/toast'
import { api } from '@/lib/api-client'
import type { FlagView, ProjectView } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import type { FlagMay } from './flag-screen'

export function FlagHeader({ project, flag, may }: { project: ProjectView; flag: FlagView; may: FlagMay }) {
  const router = useRouter()
  const [archiving, setArchiving] = useState(false)
  const restore = async () => {
    try {
      await api.restoreFlag({ project: project.key, flag: flag.key })
      toast.done(`Brought back ${flag.name}`)
      router.refresh()
    } catch (error) {
      toast.failed('It stays archived', (error as Error).message)
    }
  }
  return (
    <header className="mb-4">
      <nav aria-label="Breadcrumb" className="mb-2">
        <Link
          href={paths.flags({ project: project.key })}
          className="inline-flex items-center gap-1 rounded-sm text-ink-2 text-sm underline-offset-4 hover:text-ink hover:underline"
        >
          <ArrowLeft size={14} aria-hidden /> Flags
        </Link>
      </nav>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1">
          <h1 className="font-semibold text-xl tracking-tight">{flag.name}</h1>
          <div className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-2">
            <span className="inline-flex items-center gap-0.5">
              <code className="break-all font-mono text-sm">{flag.key}</code>
              <CopyButton text={flag.key} label="Copy the key" />
            </span>
            <Badge>{flag.type}</Badge>
            {flag.browser && <Badge>available to browsers</Badge>}
            {flag.tags.map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
            {flag.owner && <span className="text-sm">owned by {flag.owner}</span>}
          </div>
          {flag.description && <p className="mt-2 max-w-3xl text-ink-2">{flag.description}</p>}
        </div>
        {!flag.archivedAt && (
          <Menu
            trigger={
              <IconButton label="More actions" look="secondary">
                <Ellipsis size={16} aria-hidden />
              </IconButton>
            }
          >
            <MenuItem disabled={!may.publish} onSelect={() => setArchiving(true)}>
              Archive…
            </MenuItem>
          </Menu>
        )}
      </div>
      {flag.archivedAt && (
        <div className="mt-4">
          <Banner
            tone="info"
            title={
              <>
                Archived <Time value={flag.archivedAt} />
              </>
            }
            actions={
              <Button
                disabledReason={!may.publish && 'Bringing it back needs the role publisher'}
                onClick={restore}
              >
                Bring back
              </Button>
            }
          >
            Applications that still ask for it get the default in their code.
          </Banner>
        </div>
      )}
      {archiving && <ArchiveDialog project={project.key} flag={flag} onClose={() => setArchiving(false)} />}
    </header>
  )
}
