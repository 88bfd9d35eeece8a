'use client'
import { useRouter } from 'next/navigation'
import { toast } from '@/app/_ui/toast'
import { api } from '@/lib/api-client'
import type { FlagView } from '@/lib/control/views'
import { ConfirmDialog } from './confirm-dialog'

export function ArchiveDialog({
  project,
  flag,
  onClose,
}: {
  project: string
  flag: Pick<FlagView, 'key' | 'name' | 'version'>
  onClose: () => void
}) {
  const router = useRouter()
  const archive = async () => {
    await api.archiveFlag({ project, flag: flag.key }, flag.version)
    toast.done(`Archived ${flag.name}`)
    onClose()
    router.refresh()
  }
  return (
    <ConfirmDialog
      title={`Archive ${flag.name}?`}
      description="It leaves every environment: applications that still ask for it get the default in their code. You can bring it back with its rules."
      confirm="Archive"
      look="danger"
      onConfirm={archive}
      onClose={onClose}
    />
  )
}
