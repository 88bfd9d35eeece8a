import { expect, it } from 'vitest'
import * as api from './index'

it('exports these names and no others', () => {
  expect(Object.keys(api).sort()).toEqual([
    'BOUNDS',
    'SeenAttributes',
    'applyKills',
    'applyPatch',
    'attributeConditionFault',
    'attributesNamed',
    'bucket',
    'changedFlags',
    'compareIds',
    'evaluate',
    'fromWire',
    'isPublic',
    'killClosure',
    'mentionsRegex',
    'murmur3',
    'nextWindowEdge',
    'operators',
    'parseConfig',
    'parseId',
    'parseRange',
    'prepare',
    'privatePart',
    'provideRegex',
    'residualOf',
    'resolve',
    'resolveResidual',
    'segmentsNamed',
    'segmentsOfFlag',
    'toWire',
    'withNewerKills',
    'writeConfig',
  ])
})
