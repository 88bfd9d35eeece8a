import { expect, it } from 'vitest'
import * as api from './index'

it('exports these names and no others', () => {
  expect(Object.keys(api).sort()).toEqual([
    'BOUNDS',
    'applyKills',
    'applyPatch',
    'attributeConditionFault',
    'bucket',
    'changedFlags',
    'compareIds',
    'evaluate',
    'evaluatePrepared',
    'fromWire',
    'mentionsRegex',
    'murmur3',
    'nextWindowEdge',
    'operators',
    'parseConfig',
    'parseId',
    'parseRange',
    'prepare',
    'provideRegex',
    'resolve',
    'segmentsNamed',
    'segmentsOfFlag',
    'toWire',
    'withDefault',
    'withNewerKills',
    'writeConfig',
  ])
})
