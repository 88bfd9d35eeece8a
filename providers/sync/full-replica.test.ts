import { describe, expect, it } from 'vitest'
import { configOf, idOf, patchOf, serving } from '../../tests/support/configs'
import { VirtualClock } from '../../tests/support/virtual-clock'
import { FullReplica } from './full-replica'
import { RegexGate } from './regex-gate'

const never = () => Promise.reject(new Error('no pattern needs them'))
const newReplica = () => new FullReplica(new RegexGate(new VirtualClock(), never, () => {}))

const holding = (
  version: number,
  ...rest: Parameters<typeof configOf> extends [number, ...infer R] ? R : never
) => {
  const store = newReplica()
  store.replace('', configOf(version, ...rest))
  return store
}
const text = (...args: Parameters<typeof configOf>) => JSON.stringify(configOf(...args))

describe('a whole config', () => {
  it('is taken when it is newer', () => {
    const store = holding(3)
    expect(store.replace('', configOf(4))).toBe('applied')
    expect(store.current?.id).toBe(idOf(4))
  })

  it.each([
    ['of a lower version', configOf(2)],
    ['of the same version', configOf(3, { a: serving('x') })],
    ['of the same version with another hash', configOf(3, {}, { id: idOf(3, 1, 'ffffffff') })],
    ['of a lower epoch and a higher version', configOf(9, {}, { id: idOf(9, 0) })],
  ])('%s is not taken', (_, older) => {
    const store = holding(3)
    const before = store.current
    expect(store.replace('', older)).toBe('kept')
    expect(store.current).toBe(before)
  })

  it('of a higher epoch is always taken, whatever its version', () => {
    const store = holding(9, {}, { killed: ['a'], killedAt: idOf(9) })
    expect(store.replace('', configOf(1, {}, { id: idOf(1, 2), killedAt: idOf(0, 2) }))).toBe('applied')
    expect(store.current?.killed).toEqual([])
  })

  it('that is garbage changes nothing', () => {
    const store = holding(3)
    expect(store.replace('', { schema: 7 })).toBe('malformed')
    expect(store.replace('', null)).toBe('malformed')
    expect(store.current?.id).toBe(idOf(3))
  })
})

describe('a patch', () => {
  it('is applied to the config it was made for', () => {
    const store = holding(3, { a: serving('old') })
    expect(store.patch('', patchOf(3, 4, { b: serving('new', 4) }))).toBe('applied')
    expect(store.current!.flags.keys()).toEqual(['a', 'b'])
  })

  it('is kept out when it leads to where we are or before', () => {
    expect(holding(4).patch('', patchOf(3, 4, {}))).toBe('kept')
    expect(holding(5).patch('', patchOf(3, 4, {}))).toBe('kept')
  })

  it('made for another config is a gap, but its kills apply', () => {
    const store = holding(3, { a: serving('x') })
    expect(store.patch('', patchOf(4, 5, {}, { killed: ['a'], killedAt: idOf(5) }))).toBe('gap')
    expect(store.current).toMatchObject({ id: idOf(3), killed: ['a'], killedAt: idOf(5) })
  })

  it('is not applied to a config that no server has confirmed', () => {
    const store = newReplica()
    store.seed(text(3))
    expect(store.patch('', patchOf(3, 4, {}))).toBe('gap')
    expect(store.current?.id).toBe(idOf(3))
  })

  it('without any config is a gap', () => {
    expect(newReplica().patch('', patchOf(0, 1, {}))).toBe('gap')
  })
})

describe('a kill', () => {
  it('is not lifted by anything older', () => {
    const store = holding(3, { a: serving('x') })
    store.kill({ killed: ['a'], killedAt: idOf(7) })
    store.patch('', patchOf(3, 4, {}))
    store.replace('', configOf(6, { a: serving('y') }))
    store.kill({ killed: [], killedAt: idOf(5) })
    expect(store.current).toMatchObject({ id: idOf(6), killed: ['a'] })
  })

  it('is lifted by a newer overlay', () => {
    const store = holding(3, { a: serving('x') })
    store.kill({ killed: ['a'], killedAt: idOf(7) })
    store.replace('', configOf(8, { a: serving('y') }, { killedAt: idOf(8) }))
    expect(store.current?.killed).toEqual([])
  })
})

describe('a seed', () => {
  it('is replaced by what the server says of the same version', () => {
    const store = newReplica()
    store.seed(text(3, { a: serving('guess') }))
    expect(store.validated).toBe(false)
    expect(store.replace('', configOf(3, { a: serving('truth') }))).toBe('applied')
    expect(store.validated).toBe(true)
    expect(store.current?.flags.get('a')?.variants?.shown).toBe('truth')
  })

  it('is not replaced by something older of the same flag set', () => {
    const store = newReplica()
    store.seed(text(3))
    expect(store.replace('', configOf(2))).toBe('kept')
    expect(store.validated).toBe(false)
  })

  it('of another flag set never holds back the server', () => {
    const store = newReplica()
    store.seed(text(900, {}, { flagSetId: 'shop/staging' }))
    expect(store.replace('', configOf(2))).toBe('applied')
    expect(store.current?.flagSetId).toBe('shop/production')
  })

  it('never replaces what there is', () => {
    const store = holding(3)
    store.seed(text(9))
    expect(store.current?.id).toBe(idOf(3))
  })
})
