import { describe, expect, it } from 'vitest'
import { nextStatus, type Signal, type Status } from './status'

const walk = (...signals: Signal[]): Status => signals.reduce(nextStatus, 'starting' as Status)

describe('the status of a sync', () => {
  it.each<[Status, Signal[]]>([
    ['ready', ['connected']],
    ['stale', ['connected', 'disconnected']],
    ['stale', ['disconnected']],
    ['error', ['connected', 'disconnected', 'overdue']],
    ['stale', ['connected', 'disconnected', 'overdue', 'answered']],
    ['ready', ['connected', 'disconnected', 'overdue', 'connected']],
    ['refused', ['connected', 'refused']],
    ['ready', ['refused', 'connected']],
    ['refused', ['refused', 'disconnected']],
    ['closed', ['connected', 'closed', 'connected']],
  ])('is %s after %j', (status, signals) => {
    expect(walk(...signals)).toBe(status)
  })

  it('is not stale because of an answer, nor overdue while ready', () => {
    expect(walk('connected', 'answered')).toBe('ready')
    expect(walk('connected', 'overdue')).toBe('ready')
  })
})
