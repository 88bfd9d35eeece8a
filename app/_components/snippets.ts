import type { KeyView } from '@/lib/control/views'
import type { FlagType, JsonValue } from '@/lib/evaluation/types'

export type Snippet = {
  id: 'server' | 'react' | 'next' | 'web' | 'python' | 'go' | 'curl'
  label: string
  /** The key that it needs. */
  kind: KeyView['kind']
  /** Where it goes, when that is not plain. */
  note?: string
  code: string
}

type Asked = { key: string; type: FlagType; fallback: JsonValue }

type Given = {
  url: string
  serverKey: string
  clientKey: string
  /** What the client key receives. */
  mode?: 'residual' | 'full'
  flag: Asked
}

const GETTERS: Record<FlagType, string> = {
  boolean: 'getBooleanValue',
  string: 'getStringValue',
  number: 'getNumberValue',
  object: 'getObjectValue',
}

const HOOKS: Record<FlagType, string> = {
  boolean: 'useBooleanFlagValue',
  string: 'useStringFlagValue',
  number: 'useNumberFlagValue',
  object: 'useObjectFlagValue',
}

const quote = (value: JsonValue) => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value))

const asked = ({ key, type, fallback }: Asked, context = '') =>
  `client.${GETTERS[type]}('${key}', ${quote(fallback)}${context})`

const modeLine = (mode: Given['mode']) => (mode === 'full' ? "\n    mode: 'full'," : '')

const server = ({
  url,
  serverKey,
  flag,
}: Given) => `// npm install @openfeature/server-sdk @jackstaff/openfeature-server
import { OpenFeature } from '@openfeature/server-sdk'
import { JackstaffProvider } from '@jackstaff/openfeature-server'

await OpenFeature.setProviderAndWait(
  new JackstaffProvider({
    url: '${url}',
    key: '${serverKey}',
  }),
)

const client = OpenFeature.getClient()
const user = { targetingKey: 'user-1' }
const value = await ${asked(flag, ', user')}`

const web = ({
  url,
  clientKey,
  mode,
  flag,
}: Given) => `// npm install @openfeature/web-sdk @jackstaff/openfeature-web
import { OpenFeature } from '@openfeature/web-sdk'
import { JackstaffWebProvider } from '@jackstaff/openfeature-web'

await OpenFeature.setProviderAndWait(
  new JackstaffWebProvider({
    url: '${url}',
    key: '${clientKey}',${modeLine(mode)}
  }),
  { targetingKey: 'user-1' },
)

const client = OpenFeature.getClient()
const value = ${asked(flag)}`

const react = ({
  url,
  clientKey,
  mode,
  flag,
}: Given) => `// npm install @jackstaff/openfeature-web @openfeature/web-sdk @openfeature/react-sdk
import { JackstaffWebProvider } from '@jackstaff/openfeature-web'
import { OpenFeature, OpenFeatureProvider, ${HOOKS[flag.type]} } from '@openfeature/react-sdk'

OpenFeature.setProvider(
  new JackstaffWebProvider({
    url: '${url}',
    key: '${clientKey}',${modeLine(mode)}
  }),
  { targetingKey: 'user-1' },
)

function Feature() {
  const value = ${HOOKS[flag.type]}('${flag.key}', ${quote(flag.fallback)})
  return <p>${flag.key}: {JSON.stringify(value)}</p>
}

export function App() {
  return (
    <OpenFeatureProvider>
      <Feature />
    </OpenFeatureProvider>
  )
}`

const next = ({
  url,
  serverKey,
  flag,
}: Given) => `// npm install @openfeature/server-sdk @jackstaff/openfeature-server

// instrumentation.ts
import { JackstaffProvider } from '@jackstaff/openfeature-server'
import { OpenFeature } from '@openfeature/server-sdk'

export async function register() {
  const provider = new JackstaffProvider({
    url: '${url}',
    key: '${serverKey}',
  })
  await OpenFeature.setProviderAndWait(provider).catch(({ message }) => console.warn(message))
}

// app/page.tsx
import { OpenFeature } from '@openfeature/server-sdk'

export const dynamic = 'force-dynamic'

export default async function Page() {
  const client = OpenFeature.getClient()
  const user = { targetingKey: 'user-1' }
  const value = await ${asked(flag, ', user')}
  return <p>${flag.key}: {JSON.stringify(value)}</p>
}`

/** JSON as Python writes it. */
const python = (value: JsonValue): string => {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`
  if (typeof value !== 'object') return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([name, inner]) => `${JSON.stringify(name)}: ${python(inner as JsonValue)}`)
    .join(', ')}}`
}

const PYTHON: Record<FlagType, string> = {
  boolean: 'get_boolean_value',
  string: 'get_string_value',
  number: 'get_float_value',
  object: 'get_object_value',
}

const inPython = ({
  url,
  serverKey,
  flag,
}: Given) => `# pip install openfeature-sdk openfeature-provider-ofrep
from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

api.set_provider(
    OFREPProvider(
        base_url="${url}",
        headers_factory=lambda: {"Authorization": "Bearer ${serverKey}"},
    )
)

client = api.get_client()
user = EvaluationContext("user-1")
value = client.${PYTHON[flag.type]}("${flag.key}", ${python(flag.fallback)}, user)`

const GO: Record<FlagType, { method: string; fallback: (value: JsonValue) => string }> = {
  boolean: { method: 'BooleanValue', fallback: JSON.stringify },
  string: { method: 'StringValue', fallback: JSON.stringify },
  number: { method: 'FloatValue', fallback: JSON.stringify },
  object: { method: 'ObjectValue', fallback: () => 'map[string]any{}' },
}

const go = ({
  url,
  serverKey,
  flag,
}: Given) => `// go get github.com/open-feature/go-sdk github.com/open-feature/go-sdk-contrib/providers/ofrep
package main

import (
	"context"
	"fmt"

	"github.com/open-feature/go-sdk-contrib/providers/ofrep"
	"github.com/open-feature/go-sdk/openfeature"
)

func main() {
	openfeature.SetProviderAndWait(ofrep.NewProvider(
		"${url}",
		ofrep.WithBearerToken("${serverKey}"),
	))

	client := openfeature.NewClient("app")
	user := openfeature.NewEvaluationContext("user-1", nil)
	value, _ := client.${GO[flag.type].method}(context.Background(), "${flag.key}", ${GO[flag.type].fallback(flag.fallback)}, user)
	fmt.Println(value)
}`

const curl = ({ url, serverKey, flag }: Given) => `curl ${url}/ofrep/v1/evaluate/flags/${flag.key} \\
  -H 'Authorization: Bearer ${serverKey}' \\
  -H 'Content-Type: application/json' \\
  -d '{"context": {"targetingKey": "user-1"}}'`

const ASKS =
  'Asks Jackstaff for each evaluation, by OFREP. To decide in process, connect a provider of flagd: the guide to other languages says how.'

const all: readonly (Omit<Snippet, 'code'> & { write: (given: Given) => string })[] = [
  { id: 'server', label: 'Node.js', kind: 'server', write: server },
  { id: 'react', label: 'React', kind: 'client', write: react },
  { id: 'next', label: 'Next.js', kind: 'server', write: next },
  { id: 'web', label: 'Browser', kind: 'client', write: web },
  { id: 'python', label: 'Python', kind: 'server', note: ASKS, write: inPython },
  { id: 'go', label: 'Go', kind: 'server', note: ASKS, write: go },
  { id: 'curl', label: 'curl', kind: 'server', write: curl },
]

/** Code that works as it stands: the real address, and the key where it is known. */
export const snippets = (given: Given): Snippet[] =>
  all.map(({ write, ...snippet }) => ({ ...snippet, code: write(given) }))
