import { describe, expect, it } from 'vitest'
import { Backlog, type Step } from './backlog'

const id = (version: number) => `1.${version}.00000000`

function step(version: number, text = ''): Step {
  const patch = {
    from: id(version - 1),
    to: id(version),
    flags: text
      ? { text: { type: 'string', version, on: false, variants: { a: text }, offVariant: 'a' } }
      : {},
    segments: {},
    killed: [],
    killedAt: id(1),
  }
  return {
    patches: { server: patch, full: { ...patch, flags: {} } } as unknown as Step['patches'],
    residual: { keys: [], killed: [] },
    kill: false,
    committedAt: 0,
  }
}

function backlog(from: number, to: number, text = ''): Backlog {
  const made = new Backlog()
  for (let version = from; version <= to; version++) made.add(step(version, text))
  return made
}

const way = (held: Backlog, from: number) => held.since('server', id(from))?.map(({ to }) => to)

describe('the way to now', () => {
  it('begins at any version held, and nowhere else', () => {
    const held = backlog(5, 7)
    expect(held.oldest).toBe(id(4))
    expect(way(held, 4)).toEqual([id(5), id(6), id(7)])
    expect(way(held, 6)).toEqual([id(7)])
    expect(way(held, 7)).toBeUndefined()
    expect(way(held, 3)).toBeUndefined()
  })

  it('is at most 256 versions long', () => {
    const held = backlog(2, 400)
    expect(way(held, 144)).toHaveLength(256)
    expect(way(held, 143)).toBeUndefined()
  })

  it('costs at most 4 MB', () => {
    const held = backlog(2, 60, 'x'.repeat(128 * 1024))
    const [first] = [held.oldest!.split('.')[1]]
    expect(60 - Number(first)).toBeLessThanOrEqual(32)
    expect(60 - Number(first)).toBeGreaterThanOrEqual(30)
  })

  it('is gone once everything was replaced', () => {
    const held = backlog(2, 4)
    held.clear()
    expect(held.oldest).toBeUndefined()
    held.add(step(5))
    expect(way(held, 4)).toEqual([id(5)])
  })
})

describe('what came before', () => {
  it('is put in front where it leads here, also when there is nothing yet', () => {
    const held = backlog(10, 11)
    held.precede(backlog(4, 9), id(11))
    expect(way(held, 3)).toHaveLength(8)
    const empty = new Backlog()
    empty.precede(backlog(4, 9), id(9))
    expect(way(empty, 3)).toHaveLength(6)
  })

  it('leaves out what is here already', () => {
    const held = backlog(7, 11)
    held.precede(backlog(4, 11), id(11))
    expect(way(held, 3)).toHaveLength(8)
  })

  it('is left alone where it leads elsewhere', () => {
    const held = backlog(10, 11)
    held.precede(backlog(2, 7), id(11))
    expect(held.oldest).toBe(id(9))
  })

  it('takes no more room than there is', () => {
    const held = backlog(200, 300)
    held.precede(backlog(2, 199), id(300))
    expect(way(held, 44)).toHaveLength(256)
    expect(way(held, 43)).toBeUndefined()
  })
})
