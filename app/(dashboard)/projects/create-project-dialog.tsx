'use client'
import { useRouter } from 'next/navigation'
import { FormDialog } from '@/app/_components/form-dialog'
import { NameAndKey, useNamed } from '@/app/_components/name-and-key'
import { api } from '@/lib/api-client'
import { paths } from '@/lib/paths'

export function CreateProjectDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const router = useRouter()
  const named = useNamed()
  const send = async () => {
    const { value } = await api.createProject({ key: named.key, name: named.name })
    router.push(paths.flags({ project: value.key }))
    router.refresh()
  }
  return (
    <FormDialog
      open={open}
      onClose={onClose}
      title="Create project"
      description="It starts with three environments: development, staging and production."
      confirm="Create project"
      shown={['name', 'key']}
      onConfirm={send}
    >
      {(fieldError) => (
        <NameAndKey
          named={named}
          fieldError={fieldError}
          example="Web shop"
          keyHint="Names the project in URLs and in the API. It cannot be changed."
        />
      )}
    </FormDialog>
  )
}
