import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleApp } from '../support/bundle-app'
import { publishBanner, seedExample } from '../support/example'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'

let jackstaff: Jackstaff
let clientKey: string

beforeAll(async () => {
  jackstaff = await startJackstaff()
  ;({ clientKey } = await seedExample(jackstaff))
  await publishBanner(jackstaff, 'sale')
})
afterAll(() => jackstaff?.stop())

describe('P25: an edge runtime', () => {
  it('opens the web provider, decides a flag, closes it, and has nothing left to wait for', async () => {
    const bundle = await bundleApp('edge/app.ts', { format: 'iife', platform: 'browser' })
    const options = JSON.stringify({ url: jackstaff.url, key: clientKey })
    const args = ['tests/frameworks/edge/run.mjs', bundle, options]
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 })
    expect(JSON.parse(stdout)).toEqual({
      hasNode: false,
      value: '10 % off everything',
      reason: 'STATIC',
      closed: 'PROVIDER_NOT_READY',
    })
    expect(stderr).toBe('')
  })
})
