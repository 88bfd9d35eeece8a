'use client'
import { UserPlus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { Explainer } from '@/app/_components/people/explainer'
import type { PlaceProject } from '@/app/_components/people/places'
import { RolesDialog } from '@/app/_components/people/roles-dialog'
import { ShownOnce } from '@/app/_components/people/shown-once'
import { Button, ButtonLink } from '@/app/_ui/button'
import { EmptyState } from '@/app/_ui/empty-state'
import { TextInput } from '@/app/_ui/field'
import { PageHeader } from '@/app/_ui/page-header'
import { toast } from '@/app/_ui/toast'
import type { PersonView, RoleDefinition } from '@/lib/control/people/views'
import type { Page } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { peopleApi } from '@/lib/people-client'
import { plural } from '@/lib/plural'
import { InviteDialog } from './invite-dialog'
import { MembersTable, type PersonAction } from './members-table'

type Props = {
  people: Page<PersonView>
  q: string
  cursor: string | undefined
  roles: RoleDefinition[]
  projects: PlaceProject[]
  mayWrite: boolean
  /** Whoever came was about to invite somebody. */
  comesToInvite: boolean
}

const asks = {
  link: {
    title: 'Make a new sign-in link?',
    text: 'It is shown once, works once and for 30 minutes; a link from before ends. Whoever opens it is this person.',
    confirm: 'Make link',
  },
  sessions: {
    title: 'End all sessions?',
    text: 'Every browser that is signed in as this person is signed out with its next request.',
    confirm: 'End sessions',
  },
  disable: {
    title: 'Shut this person out?',
    text: 'Sessions, personal tokens and links end at once. They keep their roles, which count again when they are let in.',
    confirm: 'Shut out',
  },
  enable: {
    title: 'Let this person in again?',
    text: 'Their roles count again. Tokens from before stay revoked.',
    confirm: 'Let in',
  },
} as const

export function MembersScreen({ people, q, cursor, roles, projects, mayWrite, comesToInvite }: Props) {
  const router = useRouter()
  const [inviting, setInviting] = useState(comesToInvite && mayWrite)
  useEffect(() => {
    if (comesToInvite && mayWrite) setInviting(true)
  }, [comesToInvite, mayWrite])
  const [link, setLink] = useState<{ name: string; link: string } | null>(null)
  const [asked, setAsked] = useState<{ person: string; action: PersonAction } | null>(null)
  const person = people.items.find(({ id }) => id === asked?.person)
  const close = () => setAsked(null)

  const confirmed = async (action: keyof typeof asks, { id, name }: PersonView) => {
    if (action === 'link') setLink({ name, link: (await peopleApi.newLink(id)).value.link })
    if (action === 'sessions') await peopleApi.endSessionsOf(id)
    if (action === 'disable' || action === 'enable')
      await peopleApi.updatePerson(id, { disabled: action === 'disable' })
    if (action !== 'link') toast.done(`${asks[action].confirm}: ${name}`)
    close()
    router.refresh()
  }
  const search = (form: FormData) => router.push(paths.members({ q: String(form.get('q') ?? '') }))
  const invite = (
    <Button
      look="primary"
      disabledReason={!mayWrite && 'Inviting needs the permission to change people'}
      onClick={() => setInviting(true)}
    >
      <UserPlus size={16} aria-hidden /> Invite
    </Button>
  )

  return (
    <>
      <PageHeader title="Members" actions={invite}>
        {plural(people.total, 'person', 'people')}
        {q && ` with “${q}”`}. A role gives them what they may do, everywhere or in a part.
      </PageHeader>
      <div className="flex flex-col gap-4">
        {link && (
          <ShownOnce
            title={`A sign-in link for ${link.name}`}
            secret={link.link}
            label="link"
            onDone={() => setLink(null)}
          >
            Send it to them and to nobody else: it works once, within 30 minutes, and is shown this once.
          </ShownOnce>
        )}
        <form action={search} className="max-w-xs">
          <TextInput
            type="search"
            name="q"
            aria-label="Search members"
            placeholder="Name or e-mail"
            defaultValue={q}
            data-search
          />
        </form>
        {people.items.length === 0 ? (
          <EmptyState title={q ? 'Nobody like that' : 'Nobody is here yet'} action={q ? undefined : invite}>
            {q
              ? 'Names and e-mail addresses are searched. Try a shorter text.'
              : 'Invite somebody: they get a link that signs them in once.'}
          </EmptyState>
        ) : (
          <MembersTable
            people={people.items}
            mayWrite={mayWrite}
            onAction={(action, { id }) => setAsked({ action, person: id })}
          />
        )}
        <nav aria-label="Pages" className="flex justify-end gap-2">
          {cursor && <ButtonLink href={paths.members({ q })}>First page</ButtonLink>}
          {people.next && <ButtonLink href={paths.members({ q, cursor: people.next })}>More</ButtonLink>}
        </nav>
      </div>
      {inviting && (
        <InviteDialog
          onClose={() => {
            setInviting(false)
            if (comesToInvite) router.replace(paths.members())
          }}
          onInvited={(invited) => {
            setInviting(false)
            setLink(invited)
            router.refresh()
          }}
        />
      )}
      {person && asked?.action === 'roles' && (
        <RolesDialog
          holder={{ kind: 'person', id: person.id, name: person.name }}
          held={person.roles}
          roles={roles}
          projects={projects}
          onClose={close}
          onChanged={() => router.refresh()}
        />
      )}
      {person && asked?.action === 'explain' && (
        <Explainer person={person} projects={projects} onClose={close} />
      )}
      {person && asked && asked.action in asks && (
        <ConfirmDialog
          title={asks[asked.action as keyof typeof asks].title}
          description={`${person.name}, ${person.email}. ${asks[asked.action as keyof typeof asks].text}`}
          confirm={asks[asked.action as keyof typeof asks].confirm}
          look={asked.action === 'disable' ? 'danger' : 'primary'}
          onConfirm={() => confirmed(asked.action as keyof typeof asks, person)}
          onClose={close}
        />
      )}
    </>
  )
}
