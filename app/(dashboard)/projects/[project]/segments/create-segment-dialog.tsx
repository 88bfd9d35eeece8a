'use client'
import { useRouter } from 'next/navigation'
import { FormDialog } from '@/app/_components/form-dialog'
import { NameAndKey, useNamed } from '@/app/_components/name-and-key'
import { toast } from '@/app/_ui/toast'
import { api } from '@/lib/api-client'
import { paths } from '@/lib/paths'

export function CreateSegmentDialog({ project, onClose }: { project: string; onClose: () => void }) {
  const router = useRouter()
  const named = useNamed()
  const send = async () => {
    const { value } = await api.createSegment({ project }, { key: named.key, name: named.name })
    toast.done(`Created ${value.name}`, 'Nobody is in it yet.')
    router.push(paths.segment({ project, segment: value.key }))
    router.refresh()
  }
  return (
    <FormDialog
      onClose={onClose}
      title="Create segment"
      description="It starts empty, and changes nothing until a flag uses it."
      confirm="Create segment"
      shown={['name', 'key']}
      onConfirm={send}
    >
      {(fieldError) => (
        <NameAndKey
          named={named}
          fieldError={fieldError}
          example="Beta testers"
          keyHint="What rules name. It cannot be changed."
        />
      )}
    </FormDialog>
  )
}
