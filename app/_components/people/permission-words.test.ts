import { expect, it } from 'vitest'
import { permissions } from '@/lib/control/roles'
import { areas } from './permission-words'

it('every permission has its words, once', () => {
  const named = areas.flatMap((area) => area.permissions.map(([permission]) => permission))
  expect([...named].sort()).toEqual([...permissions].sort())
})
