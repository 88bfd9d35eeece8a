import { parseConfig } from '../evaluation/parse-config'
import { emptyRecord, own } from '../evaluation/records'
import { segmentsNamed, segmentsOfFlag } from '../evaluation/references'
import type { Config, Flag, Segment } from '../evaluation/types'
import type { Finding } from './import-node'

type Parts = {
  readonly flags: Readonly<Record<string, Flag>>
  readonly segments: Readonly<Record<string, Segment>>
}

/**
 * What the engine accepts of flags that were read elsewhere, and the segments that these reach; the rest is reported in
 * the engine's words. `at`: where a flag stands in what was read.
 */
export function sound(
  flags: Parts['flags'],
  segments: Parts['segments'],
  omitted: Finding[],
  at: (key: string) => string,
): Parts {
  const id = '0.0.00000000'
  const config: Config = {
    schema: 1,
    flagSetId: 'import/import',
    id,
    flags,
    segments,
    killed: [],
    killedAt: id,
  }
  const parsed = parseConfig(config)
  if (!parsed.ok) {
    omitted.push({ path: '$', reason: parsed.error })
    return { flags: {}, segments: {} }
  }
  for (const [key, reason] of Object.entries(parsed.config.malformed()))
    omitted.push({ path: at(key), reason })
  const sound = parsed.config.sound()
  return { flags: sound.flags, segments: reached(sound.flags, sound.segments) }
}

function reached(
  flags: Readonly<Record<string, Flag>>,
  segments: Readonly<Record<string, Segment>>,
): Record<string, Segment> {
  const found = emptyRecord<Segment>()
  const visit = (key: string): void => {
    if (key in found) return
    found[key] = own(segments, key)!
    segmentsNamed(found[key].any).forEach(visit)
  }
  for (const flag of Object.values(flags)) segmentsOfFlag(flag).forEach(visit)
  return found
}
