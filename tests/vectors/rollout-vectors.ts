import independent from 'murmurhash3js-revisited'
import type { Config, Flag, Rollout, Rule } from '../../lib/evaluation/index'
import type { VectorCase, Vectors } from '../support/vectors'

/**
 * The vectors whose expectations are hashes. The hash is an independent murmur3 and the arithmetic is done in
 * integers of any size, so that neither shares a line with the engine. A cut is tested on both sides by placing it
 * where a known key falls: a share of exactly that bucket leaves the key outside, one step more lets it in.
 */

const WHOLE = 100_000
const SALT = 'checkout'

function position(salt: string, key: string): number {
  const hash: number = independent.x86.hash32(new TextEncoder().encode(salt + key))
  return Number((BigInt(hash) * BigInt(WHOLE)) >> 32n)
}

const variants = { a: 'A', b: 'B', c: 'C', rest: 'R', off: 'O' }
type Variant = keyof typeof variants

const flags: Record<string, Record<string, Flag>> = {}
const cases: Record<string, VectorCase[]> = {}

function addFlag(file: string, key: string, changes: Partial<Flag>): void {
  flags[file] ??= {}
  flags[file][key] = {
    type: 'string',
    version: 1,
    on: true,
    variants,
    offVariant: 'off',
    salt: SALT,
    prerequisites: [],
    targets: [],
    rules: [],
    fallthrough: { variant: 'rest' },
    ...changes,
  }
}

function addCase(
  file: string,
  flag: string,
  description: string,
  context: VectorCase['context'],
  expect: VectorCase['expect'],
): void {
  cases[file] ??= []
  cases[file].push({ description, flag, type: 'string', default: 'mine', context, expect })
}

const serves = (variant: Variant, reason: 'SPLIT' | 'DEFAULT' = 'SPLIT') => {
  return { value: variants[variant], reason, variant }
}
const fails = (errorCode: 'TARGETING_KEY_MISSING' | 'INVALID_CONTEXT') => {
  return { value: 'mine', reason: 'ERROR' as const, errorCode }
}

const only = (variant: Variant) => [{ variant, weight: WHOLE }]
const between = (cut: number) => [
  { variant: 'a', weight: cut },
  { variant: 'b', weight: WHOLE - cut },
]
const rollout = (changes: Partial<Rollout>): Rollout => {
  return { share: WHOLE, split: only('a'), rest: { variant: 'rest' }, ...changes }
}
const rule = (id: string, changes: Partial<Rollout>): Rule => {
  return { id, when: { all: [] }, serve: { rollout: rollout(changes) } }
}

/** Both sides of the share, as a fallthrough, for one key under one salt. */
function shareCuts(file: string, name: string, key: string | number, changes: Partial<Rollout> = {}): void {
  const { by = 'targetingKey', salt = SALT } = changes
  const at = position(salt, String(key))
  const context =
    by === 'targetingKey' ? { targetingKey: key as string } : { targetingKey: 'user-1', [by]: key }
  addFlag(file, `${name}-outside`, { fallthrough: { rollout: rollout({ ...changes, share: at }) } })
  addFlag(file, `${name}-inside`, { fallthrough: { rollout: rollout({ ...changes, share: at + 1 }) } })
  addCase(
    file,
    `${name}-outside`,
    `${name}: bucket ${at} is outside a share of ${at}`,
    context,
    serves('rest'),
  )
  addCase(
    file,
    `${name}-inside`,
    `${name}: bucket ${at} is inside a share of ${at + 1}`,
    context,
    serves('a'),
  )
}

/** Both sides of the cut between two variants. */
function splitCuts(file: string, name: string, key: string, salt?: string): void {
  const at = position(`${salt ?? SALT}/split/`, key)
  const context = { targetingKey: key }
  const own = salt === undefined ? {} : { salt }
  addFlag(file, `${name}-second`, { fallthrough: { rollout: rollout({ ...own, split: between(at) }) } })
  addFlag(file, `${name}-first`, { fallthrough: { rollout: rollout({ ...own, split: between(at + 1) }) } })
  addCase(file, `${name}-second`, `${name}: ${at} is past a cut at ${at}`, context, serves('b'))
  addCase(file, `${name}-first`, `${name}: ${at} is before a cut at ${at + 1}`, context, serves('a'))
}

function shares(): void {
  const file = 'rollout-shares'
  for (let i = 1; i <= 8; i++) shareCuts(file, `user-${i}`, `user-${i}`)
  for (let length = 1; length <= 9; length++)
    shareCuts(file, `length-${length}`, 'abcdefghi'.slice(0, length))
  shareCuts(file, 'long', 'x'.repeat(2_000))
  shareCuts(file, 'own-salt', 'user-1', { salt: 'rule-7' })
  shareCuts(file, 'empty-salt', 'user-1', { salt: '' })
  shareCuts(file, 'by-account', 'acme', { by: 'account' })
  shareCuts(file, 'by-number', 42, { by: 'account' })
  shareCuts(file, 'by-fraction', 1.5, { by: 'account' })
  shareCuts(file, 'by-negative', -7, { by: 'account' })
  shareCuts(file, 'by-large-number', 1e21, { by: 'account' })

  const someone = { targetingKey: 'user-1' }
  for (const [name, share] of [
    ['nobody', 0],
    ['half', 50_000],
    ['everybody', WHOLE],
  ] as const) {
    addFlag(file, name, { fallthrough: { rollout: rollout({ share }) } })
    addFlag(file, `${name}-by-account`, { fallthrough: { rollout: rollout({ share, by: 'account' }) } })
  }
  addCase(file, 'nobody', 'a share of nothing serves the rest', someone, serves('rest'))
  addCase(file, 'nobody', 'a share of nothing needs no key', {}, serves('rest'))
  addCase(file, 'everybody', 'the whole share serves its only variant', someone, serves('a'))
  addCase(file, 'everybody', 'the whole share of one variant needs no key', {}, serves('a'))
  addCase(file, 'half', 'a partial share needs a targeting key', {}, fails('TARGETING_KEY_MISSING'))
  addCase(
    file,
    'half',
    'an empty targeting key is none',
    { targetingKey: '' },
    fails('TARGETING_KEY_MISSING'),
  )
  for (const account of [undefined, null, '', true, {}, ['acme']]) {
    const context = account === undefined ? someone : { ...someone, account }
    const description = `a partial share by an attribute that is ${JSON.stringify(account) ?? 'missing'}`
    addCase(file, 'half-by-account', description, context, fails('INVALID_CONTEXT'))
  }
  addCase(file, 'nobody-by-account', 'a share of nothing by a missing attribute', someone, serves('rest'))
  addCase(file, 'everybody-by-account', 'the whole share by a missing attribute', someone, serves('a'))
}

function splits(): void {
  const file = 'rollout-splits'
  for (let i = 1; i <= 6; i++) splitCuts(file, `user-${i}`, `user-${i}`)
  splitCuts(file, 'own-salt', 'user-1', 'rule-7')
  splitCuts(file, 'own-empty-salt', 'user-1', '')

  const split = [
    { variant: 'a', weight: 0 },
    { variant: 'b', weight: 30_000 },
    { variant: 'c', weight: 0 },
    { variant: 'rest', weight: 70_000 },
  ]
  addFlag(file, 'zeros', { fallthrough: { rollout: rollout({ split }) } })
  addFlag(file, 'sole', {
    fallthrough: { rollout: rollout({ split: [{ variant: 'b', weight: 0 }, ...only('a')] }) },
  })
  const share = 40_000
  addFlag(file, 'partial', {
    fallthrough: { rollout: rollout({ share, split: between(50_000), rest: { variant: 'c' } }) },
  })
  for (let i = 1; i <= 10; i++) {
    const key = `person-${i}`
    const at = position(`${SALT}/split/`, key)
    addCase(
      file,
      'zeros',
      `${key}: a weight of nothing is passed over`,
      { targetingKey: key },
      serves(at < 30_000 ? 'b' : 'rest'),
    )
    const gate = position(SALT, key)
    const variant = gate >= share ? 'c' : at < 50_000 ? 'a' : 'b'
    addCase(
      file,
      'partial',
      `${key}: gate ${gate} and split ${at} are two hashes`,
      { targetingKey: key },
      serves(variant),
    )
  }
  addCase(file, 'sole', 'a variant with all the weight needs no key', {}, serves('a'))
  addCase(file, 'zeros', 'a split needs a key, though the share is whole', {}, fails('TARGETING_KEY_MISSING'))
}

function rules(): void {
  const file = 'rollout-rules'
  const key = 'user-1'
  const at = position(SALT, key)
  const context = { targetingKey: key }
  const matched = (variant: Variant, id: string) => {
    return { ...serves(variant), flagMetadata: { flagSetId: `vectors/${file}`, version: 1, rule: id } }
  }
  const next: Rule = { id: 'next', when: { all: [] }, serve: { variant: 'b' } }
  const nextMatches = { ...matched('b', 'next'), reason: 'TARGETING_MATCH' as const }
  const flag = (name: string, ...list: Rule[]) => addFlag(file, name, { rules: list })

  flag('inside', rule('first', { share: at + 1, rest: 'continue' }), next)
  addCase(file, 'inside', 'inside the share of a rule', context, matched('a', 'first'))
  flag('continues', rule('first', { share: at, rest: 'continue' }), next)
  addCase(file, 'continues', 'outside the share, the next rule is asked', context, nextMatches)
  flag('rests', rule('first', { share: at, rest: { variant: 'c' } }), next)
  addCase(file, 'rests', 'outside the share, the rest is served', context, matched('c', 'first'))
  addCase(
    file,
    'rests',
    'without a key the next rule is asked, though the rest is a variant',
    {},
    nextMatches,
  )
  addCase(file, 'continues', 'without a key the next rule is asked', {}, nextMatches)
  flag('last', rule('first', { share: at, rest: 'continue' }))
  addCase(file, 'last', 'outside the share of the last rule, the fallthrough is asked', context, {
    ...serves('rest', 'DEFAULT'),
    flagMetadata: { flagSetId: `vectors/${file}`, version: 1 },
  })
  flag('whole', rule('first', { rest: 'continue' }), next)
  addCase(file, 'whole', 'the whole share of one variant needs no key', {}, matched('a', 'first'))
  flag('whole-split', rule('first', { split: between(50_000), rest: 'continue' }), next)
  addCase(file, 'whole-split', 'a split without a key asks the next rule', {}, nextMatches)
  flag('none', rule('first', { share: 0, rest: 'continue' }), next)
  addCase(file, 'none', 'a share of nothing asks the next rule', context, nextMatches)
  flag('by-account', rule('first', { by: 'account', share: 50_000, rest: 'continue' }), next)
  addCase(file, 'by-account', 'without the bucketing attribute the next rule is asked', context, nextMatches)

  flag(
    'nested',
    rule('first', { share: at, rest: 'continue' }),
    rule('second', { share: at, rest: 'continue' }),
    next,
  )
  addCase(
    file,
    'nested',
    'rules share a salt, so a second share as large reaches nobody new',
    context,
    nextMatches,
  )
  const salt = 'second'
  const independently = position(salt, key) + 1
  flag(
    'independent',
    rule('first', { share: at, rest: 'continue' }),
    rule('second', { salt, share: independently, rest: 'continue' }),
    next,
  )
  addCase(file, 'independent', 'a rule with a salt of its own draws anew', context, matched('a', 'second'))
}

function nonAscii(): void {
  const file = 'rollout-non-ascii'
  const keys: [string, string][] = [
    ['precomposed', 'Zo\u00eb'],
    ['combining', 'Zoe\u0308'],
    ['emoji', '😀'],
    ['emoji-sequence', '👩‍🚀'],
    ['cjk', '使用者'],
    ['cyrillic', 'пользователь'],
    ['arabic', 'مستخدم'],
    ['two-byte', 'é'],
    ['three-byte', '€'],
    ['long', '使'.repeat(700)],
    ['bidirectional', 'a\u202eb'],
    ['nul', 'a\u0000b'],
  ]
  for (const [name, key] of keys) shareCuts(file, name, key)
  for (const [name, key] of keys.slice(0, 5)) splitCuts(file, `split-${name}`, key)
  shareCuts(file, 'salt', 'user-1', { salt: 'Straße-😀' })
  shareCuts(file, 'attribute', 'Grüße', { by: 'größe' })
}

function vectorsOf(file: string): Vectors {
  const config: Config = {
    schema: 1,
    flagSetId: `vectors/${file}`,
    id: '1.1.00000001',
    flags: flags[file]!,
    segments: {},
    killed: [],
    killedAt: '1.0.00000000',
  }
  return { config, cases: cases[file]! }
}

shares()
splits()
rules()
nonAscii()

/** File name, without its ending, to content. */
export const rolloutVectors: ReadonlyMap<string, Vectors> = new Map(
  Object.keys(flags).map((file) => [file, vectorsOf(file)]),
)
