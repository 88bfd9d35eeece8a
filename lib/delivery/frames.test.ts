import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { EMPTY, type StoredPatch } from '@/db/config-log'
import { Environment } from './environment'
import { opening } from './frames'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

let environment: Environment

function publish(patch: Partial<StoredPatch> = {}): string {
  const { version } = environment.head
  const stored = JSON.stringify({ flags: {}, segments: {}, browser: {}, ...patch })
  environment.advance({
    epoch: 1,
    version: version + 1,
    hash: sha256(stored),
    patch: stored,
    createdAt: new Date(),
  })
  return environment.id
}

beforeEach(() => {
  const first = { ...EMPTY, epoch: 1, version: 1, hash: sha256(''), killedAt: '1.1.00000000' }
  environment = new Environment(1, 'shop/production', first)
})

describe('what a stream begins with', () => {
  it('is made once for all of a crowd that come from the same version', () => {
    const from = environment.id
    publish()
    publish()
    const first = opening(environment, 'server', from)
    expect(first.toString()).toContain('event: patch')
    expect(opening(environment, 'server', from)).toBe(first)
    expect(opening(environment, 'full', from)).not.toBe(first)
    expect(opening(environment, 'server', undefined)).toBe(opening(environment, 'server', undefined))
  })

  it('is made anew for the next version', () => {
    const from = environment.id
    publish()
    const first = opening(environment, 'server', from)
    const id = publish({ killed: ['checkout'] })
    const next = opening(environment, 'server', from).toString()
    expect(next).not.toBe(first.toString())
    expect(next).toContain(`id: ${id}`)
    expect(next).toContain('checkout')
  })

  it('is not kept for ids that this node does not know', () => {
    publish()
    for (let n = 0; n < 1_000; n++) opening(environment, 'server', `0.${n}.0a0b0c0d`)
    expect(environment.openings('server').size).toBe(0)
  })
})
