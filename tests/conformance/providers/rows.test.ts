import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../../..')
const page = readFileSync(join(ROOT, 'docs/providers/conformance.md'), 'utf8')
const rows = [...page.matchAll(/^\| (P\d+) \|.*\| (.*) \|$/gm)].map(([, row, files]) => ({
  row: row!,
  files: [...files!.matchAll(/`([^`]+)`/g)].map(([, file]) => file!),
}))

it.each(rows)('$row is tested, by that name, where the documentation says', ({ row, files }) => {
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) {
    const titles = readFileSync(join(ROOT, file), 'utf8').matchAll(
      /(?:describe|it)(?:\.each\(.*\))?\(\s*[`'"](.*)/g,
    )
    const named = [...titles].filter(([, title]) => new RegExp(`\\b${row}\\b`).test(title!))
    expect(named.length, file).toBeGreaterThan(0)
  }
})

it('has found the table', () => {
  expect(rows.length).toBeGreaterThan(20)
})
