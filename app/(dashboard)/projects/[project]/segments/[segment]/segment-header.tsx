'use client'
import { ArrowLeft, Ellipsis } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { IconButton } from '@/app/_ui/button'
import { CopyButton } from '@/app/_ui/copy-button'
import { Menu, MenuItem } from '@/app/_ui/menu'
import { toast } from '@/app/_ui/toast'
import { api } from '@/lib/api-client'
import type { SegmentUses, SegmentView } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { plural } from '@/lib/plural'

/** Why a segment has to stay, or null. */
function heldBy({ flagCount, flags, segments }: SegmentUses): string | null {
  if (flagCount > 0) {
    const [first] = flags
    const others = flagCount === 1 ? 'uses' : `and ${plural(flagCount - 1, 'other flag')} use`
    return `${first!.name} ${others} it: change ${flagCount === 1 ? 'its' : 'their'} rules first.`
  }
  if (segments.length > 0) return `Segment ${segments[0]} names it: change that first.`
  return null
}

export function SegmentHeader({
  project,
  segment,
  uses,
  locked,
  onRename,
}: {
  project: string
  segment: SegmentView
  uses: SegmentUses
  locked: string | null
  onRename: () => void
}) {
  const router = useRouter()
  const [deleting, setDeleting] = useState(false)
  const held = heldBy(uses)
  const remove = async () => {
    await api.deleteSegment({ project, segment: segment.key }, segment.version)
    toast.done(`Deleted ${segment.name}`)
    router.push(paths.segments({ project }))
    router.refresh()
  }
  return (
    <header className="mb-5">
      <nav aria-label="Breadcrumb" className="mb-2">
        <Link
          href={paths.segments({ project })}
          className="inline-flex items-center gap-1 rounded-sm text-ink-2 text-sm underline-offset-4 hover:text-ink hover:underline"
        >
          <ArrowLeft size={14} aria-hidden /> Segments
        </Link>
      </nav>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1">
          <h1 className="font-semibold text-xl tracking-tight">{segment.name}</h1>
          <div className="mt-1 inline-flex items-center gap-0.5 text-ink-2">
            <code className="break-all font-mono text-sm">{segment.key}</code>
            <CopyButton text={segment.key} label="Copy the key" />
          </div>
        </div>
        <Menu
          trigger={
            <IconButton label="More actions" look="secondary">
              <Ellipsis size={16} aria-hidden />
            </IconButton>
          }
        >
          <MenuItem disabled={locked !== null} onSelect={onRename}>
            Rename…
          </MenuItem>
          <MenuItem tone="danger" disabled={locked !== null} onSelect={() => setDeleting(true)}>
            Delete…
          </MenuItem>
        </Menu>
      </div>
      {deleting && (
        <ConfirmDialog
          title={`Delete ${segment.name}?`}
          description={
            held ?? 'Nothing uses it, so nothing changes for anyone. What it said stays in the audit trail.'
          }
          confirm="Delete segment"
          look="danger"
          blocked={held}
          onConfirm={remove}
          onClose={() => setDeleting(false)}
        />
      )}
    </header>
  )
}
