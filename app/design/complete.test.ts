import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const NO_COMPONENT = ['cookies', 'cx', 'use-row-keys', 'use-shortcuts']

it('shows every component of the design system', () => {
  const components = readdirSync('app/_ui')
    .filter((file) => !file.includes('.test.'))
    .map((file) => file.replace(/\.tsx?$/, ''))
    .filter((name) => !NO_COMPONENT.includes(name))
  const shown = readdirSync('app/design')
    .filter((file) => file.endsWith('.tsx'))
    .map((file) => readFileSync(`app/design/${file}`, 'utf8'))
    .join('\n')
  expect(components.filter((name) => !shown.includes(`'@/app/_ui/${name}'`))).toEqual([])
})
