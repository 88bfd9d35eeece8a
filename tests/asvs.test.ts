import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(ROOT, 'docs', file), 'utf8')

const rows = read('asvs.md')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, id]) => /^\d+\.\d+\.\d+$/.test(id ?? ''))
  .map(([, id, level, standing, how, shownBy]) => ({ id: id!, level, standing, how, shownBy: shownBy ?? '' }))

const filesIn = (text: string) =>
  [...text.matchAll(/`([\w@./()[\]-]+\/[\w@./()[\]-]+)`/g)].map(([, file]) => file!)

describe('the table of ASVS', () => {
  it('has each requirement of 5.0.0 of levels 1 and 2 once', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    const of = (level: string) => rows.filter((row) => row.level === level).length
    expect([of('1'), of('2')]).toEqual([70, 183])
    expect([...new Set(rows.map(({ id }) => id.split('.')[0]))]).toHaveLength(17)
  })

  it('says of each how it stands, and shows what is met', () => {
    const standings = ['yes', 'partly', 'operator', 'does not apply']
    for (const { id, standing, how } of rows) {
      expect(standings, id).toContain(standing)
      expect(how, id).not.toBe('')
    }
  })

  it('and the threats name files that exist', () => {
    const named = [
      ...rows.flatMap(({ shownBy }) => shownBy.match(/[^`,\s]+/g) ?? []),
      ...filesIn(read('security.md')),
    ]
    expect(named.length).toBeGreaterThan(200)
    expect(named.filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
  })
})
