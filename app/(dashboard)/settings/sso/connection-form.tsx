'use client'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { keyFromName } from '@/app/_components/key-from-name'
import type { PlaceProject } from '@/app/_components/people/places'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Button, ButtonLink } from '@/app/_ui/button'
import { Field, TextInput } from '@/app/_ui/field'
import { PageHeader } from '@/app/_ui/page-header'
import { Segmented } from '@/app/_ui/segmented'
import { Switch } from '@/app/_ui/switch'
import { toast } from '@/app/_ui/toast'
import type { GroupView, RoleDefinition } from '@/lib/control/people/views'
import type { SsoConnectionView } from '@/lib/control/sso/views'
import { paths } from '@/lib/paths'
import { ssoApi } from '@/lib/sso-client'
import { Addresses } from './addresses'
import { blank, type Draft, draftOf, fieldsOf, kindName } from './draft'
import { GroupFields } from './group-fields'
import { ProviderFields } from './provider-fields'

type Props = {
  /** Null: a new one. */
  connection: SsoConnectionView | null
  /** What people type to come here. */
  origin: string
  roles: RoleDefinition[]
  projects: PlaceProject[]
  groups: GroupView[]
}

const kinds = (['oidc', 'saml'] as const).map((value) => ({ value, label: kindName[value] }))

const SHOWN = [
  'name',
  'key',
  'issuer',
  'clientId',
  'clientSecret',
  'scopes',
  'entryPoint',
  'certificates',
  'groupsClaim',
  'mapping',
  'scimMatch',
]

function Part({ title, children, hint }: { title: string; hint?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="card p-5">
      <h2 className="font-semibold text-base">{title}</h2>
      {hint && <p className="mt-0.5 text-ink-2">{hint}</p>}
      <div className="mt-4 flex flex-col gap-4">{children}</div>
    </section>
  )
}

/** Opens a tab at once, which the browser allows only while the press is fresh, and sends it on afterwards. */
async function inNewTab(begin: () => Promise<string>): Promise<void> {
  const tab = window.open('', '_blank')
  try {
    const address = await begin()
    if (tab) tab.location.href = address
    else window.location.assign(address)
  } catch (error) {
    tab?.close()
    throw error
  }
}

export function ConnectionForm({ connection, origin, roles, projects, groups }: Props) {
  const router = useRouter()
  const [draft, setDraft] = useState<Draft>(connection ? draftOf(connection) : blank)
  const [keyTyped, setKeyTyped] = useState(false)
  const [deleting, setDeleting] = useState(false)
  const change = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }))
  const saving = useAction(async () => {
    if (connection) await ssoApi.replace(connection.key, fieldsOf(draft))
    else await ssoApi.create(draft.key, fieldsOf(draft))
    toast.done(`Saved ${draft.name}`)
    router.push(paths.sso())
    router.refresh()
  })
  const testing = useAction(() =>
    inNewTab(async () => (await ssoApi.test(draft.key, fieldsOf(draft))).value.redirect),
  )
  const problem = testing.problem ?? saving.problem
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    // The form is longer than the window: what is wrong may stand out of sight.
    if (problem) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [problem])
  const errorOf = (path: string) => testing.fieldError(path) ?? saving.fieldError(path)
  const run = (act: typeof saving, other: typeof saving) => {
    other.reset()
    void act.run()
  }
  const named = (name: string) =>
    change({
      name,
      ...(!connection && !keyTyped && { key: keyFromName(name).replace(/[._]+/g, '-').slice(0, 40) }),
    })

  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        run(saving, testing)
      }}
    >
      <PageHeader title={connection ? connection.name : 'Add a provider'}>
        {connection
          ? `${kindName[connection.kind]}. What you change here counts from the next log-in on.`
          : 'Make an application for Jackstaff at your provider, then copy what each of the two has to know of the other.'}
      </PageHeader>
      <div className="flex max-w-3xl flex-col gap-4">
        <Part title="How it is called">
          {!connection && (
            <Segmented
              label="It speaks"
              value={draft.kind}
              choices={kinds}
              onChange={(kind) => {
                saving.reset()
                testing.reset()
                change({ kind })
              }}
            />
          )}
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="Name" error={errorOf('name')} hint="Stands on the button of the sign-in page.">
              {(control) => (
                <TextInput
                  {...control}
                  autoFocus={!connection}
                  placeholder="Okta"
                  value={draft.name}
                  onChange={(event) => named(event.target.value)}
                />
              )}
            </Field>
            <Field
              label="Key"
              error={errorOf('key')}
              hint={connection ? 'Part of the addresses below: it stays.' : 'Part of the addresses below.'}
            >
              {(control) => (
                <TextInput
                  {...control}
                  readOnly={connection !== null}
                  className={connection ? 'bg-sunken font-mono text-sm' : 'font-mono text-sm'}
                  value={draft.key}
                  onChange={(event) => {
                    setKeyTyped(true)
                    change({ key: event.target.value })
                  }}
                />
              )}
            </Field>
          </div>
        </Part>
        <Part title="Tell the provider" hint="Its form asks for this.">
          <Addresses kind={draft.kind} origin={origin} connection={draft.key} />
        </Part>
        <Part title="What the provider tells you">
          <ProviderFields
            draft={draft}
            onChange={change}
            errorOf={errorOf}
            hasSecret={connection?.kind === 'oidc' && connection.issuer === draft.issuer}
          />
        </Part>
        <GroupFields
          draft={draft}
          onChange={change}
          errorOf={errorOf}
          roles={roles}
          projects={projects}
          groups={groups}
        />
        <section aria-label="State" className="card flex items-center gap-3 p-5">
          <Switch label="On" checked={draft.enabled} onChange={(enabled) => change({ enabled })} />
          <div>
            <p className="font-medium">{draft.enabled ? 'On' : 'Off'}</p>
            <p className="text-ink-2 text-sm">
              {draft.enabled
                ? 'Its button is on the sign-in page.'
                : 'Nobody signs in by it, and whoever did is signed out. It can be tested all the same.'}
            </p>
          </div>
        </section>
        <ProblemBanner problem={problem} shown={SHOWN} />
        <div className="flex flex-wrap items-center gap-2">
          <Button type="submit" look="primary" busy={saving.busy}>
            {connection ? 'Save' : 'Add provider'}
          </Button>
          <Button busy={testing.busy} onClick={() => run(testing, saving)}>
            Test in a new tab
          </Button>
          <ButtonLink look="ghost" href={paths.sso()}>
            Cancel
          </ButtonLink>
          {connection && (
            <span className="ml-auto">
              <Button look="danger-quiet" onClick={() => setDeleting(true)}>
                Delete…
              </Button>
            </span>
          )}
        </div>
        <p className="text-ink-3 text-sm">
          A test is a whole log-in with what stands above, saved or not. It shows what the provider says and
          what that would give. Nobody is signed in by it.
        </p>
      </div>
      {connection && deleting && (
        <ConfirmDialog
          title={`Delete ${connection.name}?`}
          description="Nobody signs in by it any more. Whoever did is signed out and loses the roles that it gave them."
          confirm="Delete provider"
          look="danger"
          onConfirm={async () => {
            await ssoApi.delete(connection.key)
            toast.done(`Deleted ${connection.name}`)
            router.push(paths.sso())
            router.refresh()
          }}
          onClose={() => setDeleting(false)}
        />
      )}
    </form>
  )
}
