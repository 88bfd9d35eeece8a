'use client'
import { useRouter } from 'next/navigation'
import { NameAndKey, useNamed } from '@/app/_components/name-and-key'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { api } from '@/lib/api-client'
import { paths } from '@/lib/paths'

export function CreateProjectDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const router = useRouter()
  const named = useNamed()
  const { busy, problem, run, fieldError } = useAction(async () => {
    const { value } = await api.createProject({ key: named.key, name: named.name })
    router.push(paths.flags({ project: value.key }))
    router.refresh()
  })
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Create project"
      description="It starts with three environments: development, staging and production."
      onSubmit={run}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Create project
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ProblemBanner problem={problem} shown={['name', 'key']} />
        <NameAndKey
          named={named}
          fieldError={fieldError}
          example="Web shop"
          keyHint="Names the project in URLs and in the API. It cannot be changed."
        />
      </div>
    </Dialog>
  )
}
