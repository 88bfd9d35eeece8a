import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publishCheckout, seedExample } from '../support/example'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'

let jackstaff: Jackstaff
let serverKey: string

beforeAll(async () => {
  jackstaff = await startJackstaff()
  ;({ serverKey } = await seedExample(jackstaff))
  await publishCheckout(jackstaff, 50)
})
afterAll(() => jackstaff?.stop())

describe('the published OFREP provider', () => {
  it('gets values, variants, reasons and errors of single flags', async () => {
    const env = { ...process.env, JACKSTAFF_URL: jackstaff.url, JACKSTAFF_SERVER_KEY: serverKey }
    const args = ['tests/frameworks/ofrep/app.mjs']
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 20_000 })
    expect(JSON.parse(stdout)).toMatchObject([
      { value: expect.any(Boolean), variant: expect.stringMatching(/on|off/), reason: 'SPLIT' },
      { value: '', variant: 'none', reason: 'DISABLED' },
      { value: true, reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' },
      { value: true, reason: 'ERROR', errorCode: 'TYPE_MISMATCH' },
      { value: false, reason: 'ERROR', errorCode: 'TARGETING_KEY_MISSING' },
      { value: true, reason: 'ERROR', errorCode: 'GENERAL' }, // 413: the provider knows it not, and says so
      { value: true, reason: 'ERROR', errorCode: 'GENERAL' },
    ])
  })
})
