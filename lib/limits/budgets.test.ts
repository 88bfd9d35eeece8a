import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { budgetsOf, budgetVariables, limits, variableOf } from './budgets'

const read = (environment: Record<string, string>) =>
  budgetsOf(z.object(budgetVariables).parse(environment) as Record<string, unknown>)

describe('budgets', () => {
  it('are there for each limit when nothing is set', () => {
    const usual = read({})
    expect(Object.keys(usual)).toEqual(limits)
    expect(Object.values(usual).every((budget) => budget !== null && budget.quota > 0)).toBe(true)
  })

  it('are read from variables, and may be off', () => {
    expect(variableOf('webhook-tests')).toBe('JACKSTAFF_LIMIT_WEBHOOK_TESTS')
    const set = read({ JACKSTAFF_LIMIT_READS: '5/10', JACKSTAFF_LIMIT_SIGN_IN: 'off' })
    expect(set.reads).toEqual({ quota: 5, seconds: 10 })
    expect(set['sign-in']).toBeNull()
  })

  it.each(['', '5', '0/60', '5/0', '-1/5', '5/60s', '1e9/60', '5 / 60'])(
    'refuse %j, with the form',
    (text) => {
      expect(() => read({ JACKSTAFF_LIMIT_READS: text })).toThrow(
        'use requests/seconds such as 600/60, or off',
      )
    },
  )
})
