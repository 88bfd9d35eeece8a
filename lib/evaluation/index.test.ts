import { expect, it } from 'vitest'
import * as api from './index'

it('exports these names and no others', () => {
  expect(Object.keys(api).sort()).toEqual([
    'BOUNDS',
    'applyKills',
    'applyPatch',
    'bucket',
    'changedFlags',
    'compareIds',
    'evaluate',
    'murmur3',
    'nextWindowEdge',
    'parseConfig',
    'parseId',
    'resolve',
    'segmentsNamed',
    'segmentsOfFlag',
    'withNewerKills',
  ])
})
