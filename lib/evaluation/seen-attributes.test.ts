import { describe, expect, it } from 'vitest'
import { SeenAttributes } from './seen-attributes'

const seenIn = (...contexts: object[]) => {
  const seen = new SeenAttributes()
  for (const context of contexts) seen.look(context)
  return seen.take()
}

describe('the attributes of contexts', () => {
  it('are told by path and type, without a value', () => {
    const told = seenIn(
      {
        targetingKey: 'ana',
        plan: 'pro',
        age: 7,
        beta: true,
        tags: ['a'],
        since: new Date(),
        company: { size: 3 },
      },
      { plan: 'team', age: '7', nothing: null, absent: undefined },
    )
    expect(told).toEqual([
      { name: 'plan', type: 'string' },
      { name: 'age', type: 'number' },
      { name: 'beta', type: 'boolean' },
      { name: 'tags', type: 'list' },
      { name: 'since', type: 'date' },
      { name: 'company.size', type: 'number' },
      { name: 'age', type: 'string' },
    ])
    expect(JSON.stringify(told)).not.toMatch(/ana|pro|team/)
  })

  it('are told once in about an hour', () => {
    const seen = new SeenAttributes()
    const rounds = Array.from({ length: 61 }, () => {
      seen.look({ plan: 'pro' })
      return seen.take().length
    })
    expect(rounds.flatMap((count, round) => (count > 0 ? [round] : []))).toEqual([0, 60])
  })

  it('are at most a hundred, of fifty contexts, three levels deep', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`a${i}`, i]))
    expect(seenIn(many)).toHaveLength(100)
    expect(seenIn(...Array.from({ length: 80 }, (_, i) => ({ [`a${i}`]: i })))).toHaveLength(50)
    expect(seenIn({ a: { b: { c: 1, d: { e: 1 } } } })).toEqual([{ name: 'a.b.c', type: 'number' }])
    expect(seenIn({ ['x'.repeat(300)]: 1 })).toEqual([])
  })

  it('hurt nobody, whatever they are', () => {
    const cyclic: Record<string, unknown> = { plan: 'pro' }
    cyclic.self = cyclic
    const thrower = {
      get plan() {
        throw new Error('no')
      },
    }
    const proxy = new Proxy(
      {},
      {
        ownKeys: () => ['x'],
        getOwnPropertyDescriptor: () => {
          throw new Error('no')
        },
      },
    )
    expect(() => seenIn(cyclic, thrower, proxy, [1, 2])).not.toThrow()
  })
})
