import { expect, it } from 'vitest'
import type { JsonValue } from '@/lib/evaluation/types'
import * as server from '@/providers/server/src'
import * as web from '@/providers/web/src'
import { snippets } from './snippets'

const packages: Record<string, object> = {
  '@jackstaff/openfeature-server': server,
  '@jackstaff/openfeature-web': web,
}
const asked = { url: 'https://flags.example.com', serverKey: 'jks_srv_1', clientKey: 'jks_cli_1' }
const flag = { key: 'checkout', type: 'boolean', fallback: false } as const

it.each(['server', 'web', 'react', 'next'])(
  'the snippet for %s imports what the package exports, and uses it',
  (id) => {
    const { code } = snippets({ ...asked, flag }).find((snippet) => snippet.id === id)!
    const [, name, from] = /import \{ (\w+) \} from '(@jackstaff\/[^']+)'/.exec(code)!
    expect(packages[from!]).toHaveProperty(name!)
    expect(code).toContain(`new ${name}(`)
  },
)

it('writes defaults as each language does', () => {
  const codeOf = (id: string, type: 'boolean' | 'object', fallback: JsonValue) =>
    snippets({ ...asked, flag: { key: 'k', type, fallback } }).find((snippet) => snippet.id === id)!.code
  expect(codeOf('python', 'boolean', false)).toContain('get_boolean_value("k", False, user)')
  expect(codeOf('python', 'object', { a: [true, null, 1] })).toContain('{"a": [True, None, 1]}')
  expect(codeOf('go', 'boolean', true)).toContain('BooleanValue(context.Background(), "k", true, user)')
})

it('names the mode of a key that receives rules, and no other', () => {
  const web = (mode: 'full' | 'residual') =>
    snippets({ ...asked, mode, flag }).find(({ id }) => id === 'web')!.code
  expect(web('full')).toContain("key: 'jks_cli_1',\n    mode: 'full',\n")
  expect(web('residual')).not.toContain('mode')
})
