import { WHOLE } from '../evaluation/bounds'
import type { Condition, Rule, Serve } from '../evaluation/types'
import { child, type Finding, type Node } from './import-node'
import { all, Inexpressible } from './import-plan'
import { attributeNamed, constraintsIn, readConstraints, readWindow } from './unleash-constraints'
import { splitOf, variantsIn } from './unleash-variants'

/** What strategies refer to: segments by number, with the keys that they have here. */
export type Segments = ReadonlyMap<number, string>

/** Whom a strategy means beside its constraints, and how many of them. */
type Reach = { readonly when: readonly Condition[]; readonly share: number; readonly by?: string }

const EVERYONE: Reach = { when: [], share: WHOLE }
const OTHERS = 'the shares are the same, but it is other people who are in them'
const DRAWN = 'Unleash draws at random each time; here it is drawn once for each targetingKey'

const listed = (text: unknown) =>
  String(text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** Whose number counts: the stickiness of a rollout as an attribute. */
function stickyBy(stickiness: unknown, path: string, inexact: Finding[]): string {
  if (stickiness === 'random') inexact.push({ path, reason: DRAWN })
  const isOurs =
    stickiness === undefined || stickiness === 'default' || stickiness === 'random' || stickiness === ''
  return isOurs ? 'targetingKey' : attributeNamed(String(stickiness))
}

function rolledOut(percent: unknown, by: string, path: string, inexact: Finding[]): Reach {
  const share = Math.round(Number(percent ?? 100) * 1_000)
  if (!(share >= 0 && share <= WHOLE)) throw new Inexpressible(path, 'a rollout is 0 to 100 percent')
  if (share > 0 && share < WHOLE) inexact.push({ path, reason: OTHERS })
  return { when: [], share, by }
}

function reachOf(strategy: Node, inexact: Finding[]): Reach {
  const parameters = child(strategy, 'parameters')
  const given = (name: string) => child(parameters, name).input
  const { path } = parameters
  const { input: name, path: at } = child(strategy, 'name')
  switch (name) {
    case 'default':
      return EVERYONE
    case 'flexibleRollout':
      return rolledOut(given('rollout'), stickyBy(given('stickiness'), path, inexact), path, inexact)
    case 'gradualRolloutUserId':
      return rolledOut(given('percentage'), 'targetingKey', path, inexact)
    case 'gradualRolloutSessionId':
      return rolledOut(given('percentage'), 'sessionId', path, inexact)
    case 'gradualRolloutRandom':
      return rolledOut(given('percentage'), stickyBy('random', path, inexact), path, inexact)
    case 'userWithId':
      return meant('targetingKey', 'is_one_of', listed(given('userIds')))
    case 'remoteAddress':
      return meant('remoteAddress', 'ip_in_cidr', listed(given('IPs')))
    default:
      throw new Inexpressible(at, `there is nothing like the strategy "${name}"`)
  }
}

const meant = (attribute: string, op: 'is_one_of' | 'ip_in_cidr', values: string[]): Reach => ({
  ...EVERYONE,
  when: [{ attribute, op, values }],
})

function inSegments(strategy: Node, segments: Segments): Condition[] {
  const { input, path } = child(strategy, 'segments')
  return (Array.isArray(input) ? input : []).map((id) => {
    const segment = segments.get(Number(id))
    if (segment === undefined)
      throw new Inexpressible(path, `it names the segment ${id}, which is not in the export`)
    return { segment }
  })
}

/** `variants`: those of the whole flag, for strategies without any of their own. */
function serveOf({ share, by }: Reach, strategy: Node, variants: Node): Serve {
  const own = variantsIn(child(strategy, 'variants'))
  const split = splitOf(own.length > 0 ? own : variantsIn(variants))
  if (share === WHOLE && split.length === 1) return { variant: split[0]!.variant }
  return {
    rollout: { ...(by !== undefined && by !== 'targetingKey' && { by }), share, split, rest: 'continue' },
  }
}

/** A strategy as a rule: whom it does not mean is asked about by the next one. */
export function readStrategy(
  strategy: Node,
  id: string,
  variants: Node,
  segments: Segments,
  inexact: Finding[],
): Rule {
  const reach = reachOf(strategy, inexact)
  const { window, rest } = readWindow(constraintsIn(child(strategy, 'constraints')))
  const title = child(strategy, 'title').input
  return {
    id,
    ...(typeof title === 'string' && title !== '' && { name: title.slice(0, 200) }),
    when: all([
      ...inSegments(strategy, segments),
      ...(rest.length > 0 ? [readConstraints(rest)] : []),
      ...reach.when,
    ]),
    serve: serveOf(reach, strategy, variants),
    ...window,
  }
}
