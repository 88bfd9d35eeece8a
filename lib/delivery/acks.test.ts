import { expect, it } from 'vitest'
import { Acks } from './acks'

const server = { environmentId: 1, view: 'server' } as const
const browser = { environmentId: 1, view: 'residual' } as const

it('counts who holds a version or a newer one, browsers apart', () => {
  const acks = new Acks()
  acks.add(server, 'a', { epoch: 1, version: 4 })
  acks.add(server, 'b', { epoch: 1, version: 5 })
  acks.add(server, 'c', { epoch: 2, version: 1 })
  acks.add(browser, 'd', { epoch: 1, version: 5 })
  acks.add({ ...server, environmentId: 2 }, 'e', { epoch: 9, version: 9 })
  expect(acks.count(1, { epoch: 1, version: 5 })).toEqual({ acked: 2, browsers: 1 })
  expect(acks.count(1, { epoch: 1, version: 6 })).toEqual({ acked: 1, browsers: 0 })
  expect(acks.count(3, { epoch: 1, version: 1 })).toEqual({ acked: 0, browsers: 0 })
})

it('knows only the newest of each, and forgets who has been silent for longest', () => {
  const acks = new Acks()
  for (let i = 0; i < 20_000; i++) acks.add(server, `instance-${i}`, { epoch: 1, version: 1 })
  acks.add(server, 'instance-0', { epoch: 1, version: 2 })
  expect(acks.count(1, { epoch: 1, version: 1 }).acked).toBe(20_000)
  acks.add(server, 'one more', { epoch: 1, version: 2 })
  expect(acks.count(1, { epoch: 1, version: 1 }).acked).toBe(20_000)
  expect(acks.count(1, { epoch: 1, version: 2 }).acked).toBe(2)
})
