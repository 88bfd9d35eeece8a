import { Field, FieldError, TextArea, TextInput } from '@/app/_ui/field'
import { TokenInput } from '@/app/_ui/token-input'
import type { Draft } from './draft'

type Props = {
  draft: Draft
  onChange: (changes: Partial<Draft>) => void
  errorOf: (path: string) => string | undefined
  /** A secret is kept already. */
  hasSecret: boolean
}

function OidcFields({ draft, onChange, errorOf, hasSecret }: Props) {
  return (
    <>
      <Field
        label="Issuer"
        error={errorOf('issuer')}
        hint="Where the provider answers /.well-known/openid-configuration, spelled as it calls itself."
      >
        {(control) => (
          <TextInput
            {...control}
            inputMode="url"
            placeholder="https://login.example.com"
            value={draft.issuer}
            onChange={(event) => onChange({ issuer: event.target.value })}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Client ID" error={errorOf('clientId')}>
          {(control) => (
            <TextInput
              {...control}
              value={draft.clientId}
              onChange={(event) => onChange({ clientId: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Client secret"
          error={errorOf('clientSecret')}
          hint={
            hasSecret ? 'Leave it empty to keep the one that is there.' : 'Kept encrypted, never shown again.'
          }
        >
          {(control) => (
            <TextInput
              {...control}
              type="password"
              autoComplete="new-password"
              placeholder={hasSecret ? '••••••••' : ''}
              value={draft.clientSecret}
              onChange={(event) => onChange({ clientSecret: event.target.value })}
            />
          )}
        </Field>
      </div>
      <div className="flex flex-col gap-1.5">
        <span className="font-medium text-sm">Scopes</span>
        <TokenInput
          label="Scopes"
          tokens={draft.scopes.map((scope) => ({ id: scope, text: scope }))}
          onAdd={(scopes) => onChange({ scopes: [...new Set([...draft.scopes, ...scopes])] })}
          onRemove={(index) => onChange({ scopes: draft.scopes.filter((_, at) => at !== index) })}
          placeholder="openid"
          invalid={errorOf('scopes') !== undefined}
        />
        {errorOf('scopes') && <FieldError>{errorOf('scopes')}</FieldError>}
        <p className="text-ink-3 text-sm">
          Some providers send groups only where they are asked for “groups”.
        </p>
      </div>
    </>
  )
}

function SamlFields({ draft, onChange, errorOf }: Props) {
  return (
    <>
      <Field label="Entity ID of the provider" error={errorOf('issuer')} hint="Also called issuer.">
        {(control) => (
          <TextInput
            {...control}
            placeholder="https://login.example.com/metadata"
            value={draft.issuer}
            onChange={(event) => onChange({ issuer: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Sign-in URL"
        error={errorOf('entryPoint')}
        hint="Where people are sent: HTTP-Redirect binding."
      >
        {(control) => (
          <TextInput
            {...control}
            inputMode="url"
            placeholder="https://login.example.com/saml2/sso"
            value={draft.entryPoint}
            onChange={(event) => onChange({ entryPoint: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Certificate"
        error={errorOf('certificates')}
        hint="What it signs assertions with, in PEM. While it is changed, paste both, one below the other."
      >
        {(control) => (
          <TextArea
            {...control}
            rows={6}
            spellCheck={false}
            placeholder="-----BEGIN CERTIFICATE-----"
            value={draft.certificates}
            onChange={(event) => onChange({ certificates: event.target.value })}
            className="font-mono text-sm"
          />
        )}
      </Field>
    </>
  )
}

/** What the provider has told. */
export function ProviderFields(props: Props) {
  return props.draft.kind === 'oidc' ? <OidcFields {...props} /> : <SamlFields {...props} />
}
