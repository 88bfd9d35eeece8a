import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect, it, vi } from 'vitest'
import { lane } from './lane'

class Response extends EventEmitter {
  destroyed = false
}

function request(enter: ReturnType<typeof lane>, started: string[], name: string) {
  const response = new Response()
  const accepted = enter(response as unknown as ServerResponse, () => started.push(name))
  return { accepted, response, end: () => response.emit('close') }
}

it('starts what fits, the rest in order, and refuses what would wait too long', () => {
  const started: string[] = []
  const enter = lane(1, 1)
  const first = request(enter, started, 'first')
  const second = request(enter, started, 'second')
  expect(request(enter, started, 'third').accepted).toBe(false)
  expect(started).toEqual(['first'])
  first.end()
  expect(started).toEqual(['first', 'second'])
  second.end()
  request(enter, started, 'fourth')
  expect(started).toEqual(['first', 'second', 'fourth'])
})

it('gives the place of a client that went away while it waited to the next', () => {
  const started: string[] = []
  const enter = lane(1, 5)
  const first = request(enter, started, 'first')
  request(enter, started, 'gone').response.destroyed = true
  request(enter, started, 'next')
  first.end()
  expect(started).toEqual(['first', 'next'])
})

it('starts one at a time while the event loop is late, and more again once it is not', () => {
  let late = true
  const started: string[] = []
  const enter = lane(3, 5, () => late)
  const first = request(enter, started, 'first')
  const second = request(enter, started, 'second')
  for (const name of ['third', 'fourth', 'fifth']) request(enter, started, name)
  expect(started).toEqual(['first'])
  first.end()
  expect(started).toEqual(['first', 'second'])
  late = false
  second.end()
  expect(started).toEqual(['first', 'second', 'third', 'fourth', 'fifth'])
})

it('serves the newest while more come than it can serve, so that those are served in time', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const started: string[] = []
  const enter = lane(1, 5)
  const first = request(enter, started, 'first')
  const names = ['second', 'third', 'fourth']
  const [second, third, fourth] = names.map((name) => request(enter, started, name))
  vi.advanceTimersByTime(400)
  first.end()
  vi.advanceTimersByTime(200)
  second!.end()
  expect(started).toEqual(['first', 'second', 'fourth'])
  fourth!.end()
  third!.end()
  for (const name of ['fifth', 'sixth']) request(enter, started, name).end()
  expect(started.slice(3)).toEqual(['third', 'fifth', 'sixth'])
  vi.useRealTimers()
})

it('gives the place of one that was refused while it waited to a new one', () => {
  const started: string[] = []
  const enter = lane(1, 1)
  const first = request(enter, started, 'first')
  request(enter, started, 'refused').response.destroyed = true
  expect(request(enter, started, 'new').accepted).toBe(true)
  first.end()
  expect(started).toEqual(['first', 'new'])
})
