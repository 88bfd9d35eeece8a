import type { FlagType } from '../../../../lib/evaluation'

/** Flag key -> type. */
export type FlagTypes = ReadonlyMap<string, FlagType>

const NAMES = {
  boolean: 'BooleanFlagKey',
  string: 'StringFlagKey',
  number: 'NumberFlagKey',
  object: 'ObjectFlagKey',
} as const satisfies Record<FlagType, string>

const SDKS = {
  server: '@openfeature/server-sdk',
  web: '@openfeature/web-sdk',
  react: '@openfeature/react-sdk',
} as const

/** The OpenFeature SDK of the application. */
export type Sdk = keyof typeof SDKS

export const isSdk = (name: string): name is Sdk => Object.hasOwn(SDKS, name)

/**
 * A declaration file after which OpenFeature's clients accept no key but those of these flags. The same flags give the
 * same text.
 *
 * @example flagKeyTypes('shop/production', new Map([['checkout', 'boolean']]), 'server')
 */
export function flagKeyTypes(flagSetId: string, flags: FlagTypes, sdk: Sdk): string {
  return `// Keys of the flags of ${flagSetId}, for ${SDKS[sdk]}. Written by \`jackstaff types\`: do not edit.
// It replaces types of OpenFeature, which TypeScript allows with "skipLibCheck": true.
export {}

declare module '@openfeature/core' {
${Object.entries(NAMES)
  .map(([type, name]) => `  export type ${name} =${unionOf(keysOf(flags, type))}\n`)
  .join('')}}
`
}

function keysOf(flags: FlagTypes, type: string): string[] {
  return [...flags].flatMap(([key, is]) => (is === type ? [key] : [])).sort()
}

const unionOf = (keys: readonly string[]): string =>
  keys.length === 0 ? ' never' : keys.map((key) => `\n    | ${quoted(key)}`).join('')

/** In single quotes, and free of what ends a line. */
function quoted(key: string): string {
  const json = JSON.stringify(key).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`
}
