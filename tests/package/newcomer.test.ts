import { expect, it } from 'vitest'
import { freePort, start } from '../support/process'

// scripts/newcomer.mjs walks the README from a fresh copy to the first evaluation. Here it uses what is installed and built.

it('somebody who is new has a first evaluation by what the README says', async () => {
  const newcomer = start(process.execPath, ['scripts/newcomer.mjs', '--linked'], {
    PORT: String(await freePort()),
    NODE_ENV: '',
  })
  const code = await new Promise((resolve) => newcomer.child.once('close', resolve))
  console.log(newcomer.output().trim())
  expect(code, newcomer.output()).toBe(0)
  expect(newcomer.output()).toContain('the first evaluation')
}, 180_000)
