import type { FlagType, JsonValue } from '@/lib/evaluation/types'

export type Snippet = { id: string; label: string; code: string }

type Asked = { key: string; type: FlagType; fallback: JsonValue }

const GETTERS: Record<FlagType, string> = {
  boolean: 'getBooleanValue',
  string: 'getStringValue',
  number: 'getNumberValue',
  object: 'getObjectValue',
}

const quote = (value: JsonValue) => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value))

const asked = ({ key, type, fallback }: Asked, context = '') =>
  `client.${GETTERS[type]}('${key}', ${quote(fallback)}${context})`

/** Code that works as it stands: the real address, and the key where it is known. */
export function snippets({
  url,
  serverKey,
  clientKey,
  mode = 'residual',
  flag,
}: {
  url: string
  serverKey: string
  clientKey: string
  /** What the client key receives. */
  mode?: 'residual' | 'full'
  flag: Asked
}): Snippet[] {
  return [
    {
      id: 'server',
      label: 'Node.js',
      code: `// npm install @openfeature/server-sdk @jackstaff/openfeature-server
import { OpenFeature } from '@openfeature/server-sdk'
import { JackstaffProvider } from '@jackstaff/openfeature-server'

await OpenFeature.setProviderAndWait(
  new JackstaffProvider({
    url: '${url}',
    key: '${serverKey}',
  }),
)

const client = OpenFeature.getClient()
const value = await ${asked(flag, `, { targetingKey: 'user-1' }`)}`,
    },
    {
      id: 'web',
      label: 'Browser',
      code: `// npm install @openfeature/web-sdk @jackstaff/openfeature-web
import { OpenFeature } from '@openfeature/web-sdk'
import { JackstaffWebProvider } from '@jackstaff/openfeature-web'

await OpenFeature.setProviderAndWait(
  new JackstaffWebProvider({
    url: '${url}',
    key: '${clientKey}',${mode === 'full' ? "\n    mode: 'full'," : ''}
  }),
  { targetingKey: 'user-1' },
)

const client = OpenFeature.getClient()
const value = ${asked(flag)}`,
    },
    {
      id: 'curl',
      label: 'curl',
      code: `curl ${url}/ofrep/v1/evaluate/flags/${flag.key} \\
  -H 'Authorization: Bearer ${serverKey}' \\
  -H 'Content-Type: application/json' \\
  -d '{"context": {"targetingKey": "user-1"}}'`,
    },
  ]
}
