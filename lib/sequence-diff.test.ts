import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineDiff, sequenceDiff } from './sequence-diff'

const letters = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 })
const without = (kind: 'added' | 'removed', steps: ReturnType<typeof sequenceDiff<string>>) =>
  steps.filter((step) => step.kind !== kind).map((step) => step.item)

describe('sequenceDiff', () => {
  it('holds both sequences in order', () => {
    fc.assert(
      fc.property(letters, letters, (before, after) => {
        const steps = sequenceDiff(before, after)
        expect(without('added', steps)).toEqual(before)
        expect(without('removed', steps)).toEqual(after)
      }),
    )
  })

  it('changes nothing between equals, and one line where one line differs', () => {
    fc.assert(
      fc.property(letters, (list) => {
        expect(sequenceDiff(list, list).every((step) => step.kind === 'same')).toBe(true)
      }),
    )
    expect(lineDiff('a\nb\nc', 'a\nx\nc').map(({ kind, item }) => `${kind} ${item}`)).toEqual([
      'same a',
      'removed b',
      'added x',
      'same c',
    ])
  })
})
