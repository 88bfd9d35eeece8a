import { describe, expect, it } from 'vitest'
import { aConfig, aFlag, parsed } from '../../tests/support/build-config'
import { BOUNDS } from './bounds'
import { parseConfig } from './parse-config'
import type { ParsedConfig } from './parsed-config'
import { applyPatch } from './patch'
import type { ConfigPatch, Flag, Segment } from './types'

const segment: Segment = { by: 'targetingKey', included: ['u1'], excluded: [], any: [] }
const reaching = (name: string): Flag =>
  aFlag({ rules: [{ id: 'r', when: { segment: name }, serve: { variant: 'on' } }] })

function patch(changes: Partial<ConfigPatch> = {}): ConfigPatch {
  return {
    from: '1.1.00000001',
    to: '1.2.00000002',
    flags: {},
    segments: {},
    killed: [],
    killedAt: '1.0.00000000',
    ...changes,
  }
}

function patched(config: ParsedConfig, changes: Partial<ConfigPatch>): ParsedConfig {
  const result = applyPatch(config, patch(changes))
  if (!result.ok) throw new Error(result.reason)
  return result.config
}

describe('applyPatch', () => {
  it('adds, replaces and removes flags, and leaves the others as they are', () => {
    const before = parsed({ flags: { kept: aFlag(), edited: aFlag(), removed: aFlag() } })
    const edited = aFlag({ on: false, version: 2 })
    const after = patched(before, { flags: { edited, removed: null, added: aFlag() } })
    expect(after.flags.keys().sort()).toEqual(['added', 'edited', 'kept'])
    expect(after.flags.get('edited')).toBe(edited)
    expect(after.flags.get('kept')).toBe(before.flags.get('kept'))
    expect(after.id).toBe('1.2.00000002')
    expect(before.flags.keys()).toEqual(['kept', 'edited', 'removed'])
  })

  it('applies only to the very config it was made for', () => {
    const config = parsed()
    expect(applyPatch(config, patch({ from: '1.1.0000000f' }))).toEqual({ ok: false, reason: 'gap' })
    expect(applyPatch(config, patch({ from: '1.0.00000000' }))).toEqual({ ok: false, reason: 'gap' })
  })

  it.each([
    null,
    [],
    {},
    patch({ to: '1.1.00000001' }),
    patch({ from: 'x' }),
    patch({ flags: null as never }),
    patch({ killed: [1] as never }),
  ])('refuses %j as malformed', (input) => {
    expect(applyPatch(parsed(), input)).toEqual({ ok: false, reason: 'malformed' })
  })

  it('sets a malformed flag aside, and takes it back once it is mended', () => {
    const before = parsed({ flags: { a: aFlag() } })
    const broken = patched(before, { flags: { a: { ...aFlag(), salt: 1 } as never } })
    expect(broken.malformed()).toEqual({ a: 'salt: must be a string, not 1' })
    const mended = applyPatch(broken, patch({ from: broken.id, to: '1.3.00000003', flags: { a: aFlag() } }))
    expect(mended.ok && mended.config.malformed()).toEqual({})
  })

  it('mends a flag when the segment it reaches arrives, and breaks it when the segment goes', () => {
    const flag = reaching('outer')
    const outer: Segment = { ...segment, any: [{ segment: 'inner' }] }
    const before = parsed({ flags: { a: flag, other: aFlag() }, segments: { outer } })
    expect(before.malformed()).toEqual({ a: 'there is no segment "inner" in this config' })

    const whole = patched(before, { segments: { inner: segment } })
    expect(whole.malformed()).toEqual({})
    expect(whole.flags.get('a')).toBe(flag)

    const gone = applyPatch(whole, patch({ from: whole.id, to: '1.3.00000003', segments: { inner: null } }))
    expect(gone.ok && gone.config.malformed()).toEqual(before.malformed())
  })

  it('keeps the segments themselves when a patch touches none', () => {
    const before = parsed({ flags: { a: reaching('s') }, segments: { s: segment } })
    expect(patched(before, { flags: { b: aFlag() } }).segments).toBe(before.segments)
  })

  it('may grow to the bound on flags and no further, counting what it removes', () => {
    const flags = Object.fromEntries(Array.from({ length: BOUNDS.flags }, (_, i) => [`f${i}`, aFlag()]))
    const whole = parsed({ flags })
    const one = aFlag()
    expect(applyPatch(whole, patch({ flags: { one } }))).toEqual({ ok: false, reason: 'malformed' })
    expect(applyPatch(whole, patch({ flags: { one, gone: null } })).ok).toBe(false)
    expect(applyPatch(whole, patch({ flags: { f0: aFlag({ on: false }) } })).ok).toBe(true)
    expect(applyPatch(parsed({ flags }), patch({ flags: { one, f0: null } })).ok).toBe(true)
  })

  it('refuses what throws while it is read', () => {
    const hostile = new Proxy(patch(), {
      getOwnPropertyDescriptor: () => {
        throw new Error('no')
      },
    })
    expect(applyPatch(parsed(), hostile)).toEqual({ ok: false, reason: 'malformed' })
  })

  it('survives hostile keys', () => {
    const flags = JSON.parse('{"__proto__": null, "constructor": {}}')
    const after = patched(parsed({ flags: { a: aFlag() } }), { flags })
    expect(after.flags.keys()).toEqual(['a', 'constructor'])
    expect(Object.keys(after.malformed())).toEqual(['constructor'])
  })

  it('gives what parsing the whole would give', () => {
    const flags = { a: reaching('s'), b: aFlag(), c: reaching('gone') }
    const before = parsed({ flags, segments: { s: segment } })
    const after = patched(before, { flags: { b: null }, segments: { s: null, gone: segment } })
    const whole = aConfig({ id: after.id, flags: { a: flags.a, c: flags.c }, segments: { gone: segment } })
    const parsedWhole = parseConfig(whole)
    if (!parsedWhole.ok) throw new Error(parsedWhole.error)
    expect(after.toConfig()).toEqual(parsedWhole.config.toConfig())
    expect(after.malformed()).toEqual(parsedWhole.config.malformed())
  })
})
