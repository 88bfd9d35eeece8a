'use client'
import { useRouter } from 'next/navigation'
import { NameAndKey, useNamed } from '@/app/_components/name-and-key'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { toast } from '@/app/_ui/toast'
import { api } from '@/lib/api-client'
import { paths } from '@/lib/paths'

export function CreateSegmentDialog({ project, onClose }: { project: string; onClose: () => void }) {
  const router = useRouter()
  const named = useNamed()
  const { busy, problem, run, fieldError } = useAction(async () => {
    const { value } = await api.createSegment({ project }, { key: named.key, name: named.name })
    toast.done(`Created ${value.name}`, 'Nobody is in it yet.')
    router.push(paths.segment({ project, segment: value.key }))
    router.refresh()
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title="Create segment"
      description="It starts empty, and changes nothing until a flag uses it."
      onSubmit={run}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Create segment
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ProblemBanner problem={problem} shown={['name', 'key']} />
        <NameAndKey
          named={named}
          fieldError={fieldError}
          example="Beta testers"
          keyHint="What rules name. It cannot be changed."
        />
      </div>
    </Dialog>
  )
}
