import { describe, expect, it } from 'vitest'
import { aFlag, parsed } from '../../tests/support/build-config'
import { evaluate } from './evaluate'
import { applyKills, newestKills, withNewerKills } from './kills'
import { applyPatch } from './patch'

const flags = { a: aFlag(), b: aFlag() }
const config = parsed({ id: '1.5.00000005', flags, killed: ['a'], killedAt: '1.4.00000004' })

describe('applyKills', () => {
  it('replaces the overlay when it is newer, even than the config', () => {
    const after = applyKills(config, ['b'], '1.9.00000009')
    expect(evaluate(after, 'a', {}, 0)).toMatchObject({ value: true, reason: 'STATIC' })
    expect(evaluate(after, 'b', {}, 0)).toMatchObject({
      value: false,
      reason: 'DISABLED',
      flagMetadata: { killed: true },
    })
    expect(after).toMatchObject({ id: config.id, killedAt: '1.9.00000009' })
    expect(after.flags).toBe(config.flags)
    expect(applyKills(config, ['b'], '1.5.00000005').killed).toEqual(['b'])
  })

  it.each([
    ['older', [], '1.3.00000003'],
    ['equally old', [], '1.4.ffffffff'],
    ['unreadable', [], 'soon'],
    ['no list', 'b' as never, '1.9.00000009'],
  ])('returns the same config when the overlay is %s', (_name, killed, killedAt) => {
    expect(applyKills(config, killed, killedAt)).toBe(config)
  })
})

describe('withNewerKills', () => {
  const older = parsed({ id: '1.8.00000008', flags, killed: [], killedAt: '1.2.00000002' })

  it('lets no older state un-kill', () => {
    expect(withNewerKills(older, config)).toMatchObject({
      id: older.id,
      killed: ['a'],
      killedAt: '1.4.00000004',
    })
  })

  it('takes the next overlay when it is newer, and when there is no current one', () => {
    const newer = parsed({ id: '1.8.00000008', flags, killed: [], killedAt: '1.6.00000006' })
    expect(withNewerKills(newer, config)).toBe(newer)
    expect(withNewerKills(older, null)).toBe(older)
  })

  it('lets a higher epoch replace the whole state', () => {
    const restored = parsed({ id: '2.3.00000003', flags, killed: [], killedAt: '1.2.00000002' })
    expect(withNewerKills(restored, config)).toBe(restored)
  })

  it('takes an unreadable id for that of the oldest epoch', () => {
    const overlay = { killed: ['a'], killedAt: '0.4.00000004' }
    expect(newestKills({ id: '?', killed: [], killedAt: '?' }, overlay)).toEqual(overlay)
    const unreadable = { killed: ['b'], killedAt: '?' }
    expect(newestKills({ id: '1.1.00000001', ...overlay }, unreadable)).toEqual(overlay)
  })

  it('lets the overlay of its own epoch stay, and that of a later one', () => {
    const next = { id: '1.5.00000005', killed: ['next'], killedAt: '1.3.00000003' }
    for (const killedAt of ['1.4.00000004', '2.1.00000001'])
      expect(newestKills(next, { killed: ['a'], killedAt })).toEqual({ killed: ['a'], killedAt })
    for (const killedAt of ['1.3.ffffffff', '1.2.00000002', '0.9.00000009'])
      expect(newestKills(next, { killed: ['a'], killedAt })).toEqual({
        killed: ['next'],
        killedAt: next.killedAt,
      })
  })

  it('holds for patches', () => {
    const ahead = applyKills(config, ['b'], '1.9.00000009')
    const patch = {
      from: config.id,
      to: '1.6.00000006',
      flags: {},
      segments: {},
      killed: [],
      killedAt: '1.6.00000006',
    }
    expect(applyPatch(ahead, patch)).toMatchObject({
      ok: true,
      config: { id: '1.6.00000006', killed: ['b'] },
    })
  })
})
