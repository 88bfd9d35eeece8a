import type { AuditView, EnvironmentView, SegmentBody, Targeting } from '@/lib/control/views'
import { describeChanges } from '@/lib/describe-changes'
import { describeSegmentChanges, without } from '@/lib/describe-segment'
import type { JsonValue } from '@/lib/evaluation/types'
import { plural } from '@/lib/plural'
import { describeInstant } from '@/lib/rule-window'

/** What history and audit have in common. */
export type Entry = Pick<AuditView, 'action' | 'target' | 'before' | 'after'>

type Fields = { readonly [field: string]: JsonValue | undefined }

const fields = (value: JsonValue): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

const spell = (value: JsonValue | undefined): string => {
  if (value === undefined || value === null || value === '') return 'nothing'
  if (Array.isArray(value))
    return (
      value.map((each) => (typeof each === 'object' ? JSON.stringify(each) : each)).join(', ') || 'nothing'
    )
  return typeof value === 'string' ? `“${value}”` : JSON.stringify(value)
}

const subjects: Record<string, string> = {
  browser: 'Availability to browsers is',
  tags: 'Tags are',
  variants: 'Variants are',
}

/** "name is now “B” (was “A”)", a line for each field that differs. */
function changedFields({ before, after }: Entry): string[] {
  const [old, now] = [fields(before), fields(after)]
  return Object.keys(now)
    .filter((field) => JSON.stringify(old[field]) !== JSON.stringify(now[field]))
    .filter((field) => field !== 'configId' && field !== 'version')
    .map((field) => {
      const subject = subjects[field] ?? `${field[0]!.toUpperCase()}${field.slice(1)} is`
      return `${subject} now ${spell(now[field])} (was ${spell(old[field])})`
    })
}

type Policy = EnvironmentView['policy']

const freezeOf = ({ from, until, reason }: Policy['freezes'][number]) =>
  `from ${describeInstant(from)} until ${describeInstant(until)}: ${reason}`

/** What an environment asks of each change to it. */
function changedPolicy(old: Policy, now: Policy): string[] {
  const [was, is] = [old.freezes.map(freezeOf), now.freezes.map(freezeOf)]
  return [
    old.approvals !== now.approvals &&
      `A change needs ${plural(now.approvals, 'approval')} (needed ${old.approvals})`,
    old.confirm !== now.confirm &&
      (now.confirm ? 'Whoever publishes types its name' : 'Nobody has to type its name any more'),
    ...without(is, was).map((freeze) => `Frozen ${freeze}`),
    ...without(was, is).map((freeze) => `No longer frozen ${freeze}`),
  ].filter((line) => line !== false)
}

function changedEnvironment({ before, after, ...entry }: Entry): string[] {
  const { protected: was, policy: old, ...others } = fields(before)
  const { protected: is, policy: now, ...rest } = fields(after)
  return [
    ...changedFields({ ...entry, before: others as JsonValue, after: rest as JsonValue }),
    ...(is === undefined || was === is ? [] : [is ? 'Protected from now on' : 'No longer protected']),
    ...(old && now ? changedPolicy(old as Policy, now as Policy) : []),
  ]
}

const targetingChanges = (before: unknown, after: unknown) =>
  describeChanges(before as Targeting, after as Targeting).map((change) => change.text)

function restored({ before, after }: Entry): string[] {
  const [old, now] = [fields(before), fields(after)]
  return Object.keys(now).flatMap((flag) => {
    const lines = targetingChanges(old[flag], now[flag])
    return Object.keys(now).length === 1 ? lines : lines.map((line) => `${flag}: ${line}`)
  })
}

/** Several changes as one, by what each is about. */
function severalChanges({ before, after }: Entry): string[] {
  const [old, now] = [fields(before), fields(after)]
  return Object.keys(now).flatMap((target) => {
    const both = { before: old[target] ?? null, after: now[target] ?? null }
    const isTargeting = both.before !== null && fields(both.before).fallthrough !== undefined
    const entry = { action: '', target, ...both }
    const lines = isTargeting
      ? targetingChanges(both.before, both.after)
      : target.startsWith('segment:')
        ? changedSegment(entry)
        : changedFields(entry)
    return (lines.length > 0 ? lines : ['changed']).map(
      (line) => `${target.slice(target.indexOf(':') + 1)}: ${line}`,
    )
  })
}

function markedAttributes({ before, after }: Entry): string[] {
  const marks = (value: JsonValue) => fields(fields(value).attributes ?? null)
  const [old, now] = [marks(before), marks(after)]
  const said = (path: string) => (now[path] === undefined ? 'unmarked' : `marked ${now[path]}`)
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((path) => old[path] !== now[path])
    .sort()
    .map((path) => `Attribute ${spell(path)} ${said(path)}`)
}

const changedSegment = ({ before, after }: Entry) =>
  describeSegmentChanges(before as SegmentBody, after as SegmentBody).map((change) => change.text)

const named = (entry: Entry) => spell(fields(entry.after ?? entry.before).name)
const key = (entry: Entry) => entry.target.slice(entry.target.indexOf(':') + 1)

const list = (value: JsonValue | undefined) => (Array.isArray(value) ? value.map(String) : [])

/** A sign-in by an identity provider says what its groups gave and took. */
function signedIn({ after }: Entry): string[] {
  const { method, made, given, taken } = fields(after)
  const by = typeof method === 'string' && method !== 'link' ? ` by ${method}` : ''
  return [
    `Signed in${by}${made === true ? ', for the first time' : ''}`,
    ...list(given).map((gift) => `Was given ${gift}`),
    ...list(taken).map((gift) => `Lost ${gift}`),
  ]
}

const sentences: Record<string, (entry: Entry) => string[]> = {
  'installation.set_up': () => ['Set up Jackstaff'],
  'session.sign_in': signedIn,
  'session.break_glass': () => ['BROKE THE GLASS: signed in as the break-glass admin'],
  'break_glass.close': () => ['Shut the break-glass admin out: it is off'],
  'session.sign_out': () => ['Signed out'],
  'session.refused': () => ['Could not sign in'],
  'access.refused': (entry) => [`Refused: ${key(entry)}`],
  'project.create': (entry) => [`Created project ${named(entry)}`],
  'environment.create': (entry) => [`Created environment ${named(entry)}`],
  'environment.update': changedEnvironment,
  'environment.rewound': ({ before }) => [
    `Began a new epoch: the database had lost version ${spell(fields(before).configId)}`,
  ],
  'environment.restored': ({ after }) => [
    `Began a new epoch: the backup of ${spell(fields(after).backup)} was restored`,
  ],
  'environment.delete': (entry) => [`Deleted environment ${named(entry)}`],
  'flag.create': (entry) => [`Created flag ${key(entry)}, off everywhere`],
  'flag.update': changedFields,
  'flag.archive': () => ['Archived: applications get their own defaults'],
  'flag.restore': () => ['Brought back from the archive'],
  'flag.kill': () => ['Killed'],
  'flag.restore_killed': () => ['Lifted the kill'],
  'targeting.update': ({ before, after }) => targetingChanges(before, after),
  'version.restore': restored,
  'changes.publish': severalChanges,
  'proposal.draft': () => ['Kept changes as a draft'],
  'proposal.propose': () => ['Asked for approval'],
  'proposal.schedule': ({ after }) => [
    `Scheduled changes for ${spell(fields(after).at).replace(/[“”]/g, '')}`,
  ],
  'proposal.update': () => ['Edited a proposal: it is asked for again'],
  'proposal.approve': () => ['Approved'],
  'proposal.reject': () => ['Rejected'],
  'proposal.withdraw': () => ['Withdrew a proposal'],
  'proposal.held': () => ['Held at its time'],
  'segment.create': (entry) => [`Created segment ${named(entry)}`],
  'segment.update': changedSegment,
  'segment.delete': (entry) => [`Deleted segment ${key(entry)}`],
  'attribute.update': markedAttributes,
  'key.create': (entry) => [
    `Created ${spell(fields(entry.after).kind).replace(/[“”]/g, '')} key ${named(entry)}`,
  ],
  'key.revoke': (entry) => [`Revoked key ${named(entry)}`],
  'webhook.create': (entry) => [`Created webhook ${named(entry)}`],
  'webhook.update': changedFields,
  'webhook.rotate': () => ['Rotated the secret: the one before signs as well for 24 hours'],
  'webhook.delete': (entry) => [`Deleted webhook ${named(entry)}`],
  'webhook.disable': (entry) => [`Turned webhook ${named(entry)} off`],
  'webhook.test': () => ['Sent a test message'],
  'webhook.replay': ({ after }) => [`Sent message ${spell(fields(after).message)} again`],
  'key.update': changedFields,
  'key.rotate': ({ after }) => [
    `Rotated: replaced by ${fields(after).replacedBy}, ends in ${fields(after).overlapHours} hours`,
  ],
  'key.misuse': ({ after }) => [
    `A secret key came out of a browser, from a page of ${spell(fields(after).origin)}: revoke it`,
  ],
  'sso.create': (entry) => [`Added the identity provider ${named(entry)}`],
  'sso.update': changedFields,
  'sso.delete': (entry) => [`Deleted the identity provider ${named(entry)}`],
  'sso.test': (entry) => [`Tried the identity provider ${key(entry)}`],
  'sso.link': ({ after }) => [`Linked an account of ${spell(fields(after).connection)}`],
  'sso.unlink': ({ before }) => [`Unlinked the account of ${spell(fields(before).connection)}`],
  'sso.withdraw': ({ after }) => [
    'Has no access any more',
    ...list(fields(after).taken).map((gift) => `Lost ${gift}`),
  ],
  'view.create': (entry) => [`Saved the view ${named(entry)}`],
  'view.update': changedFields,
  'view.delete': (entry) => [`Deleted the view ${named(entry)}`],
  'view.star': ({ after }) => [`Begins with the view ${spell(fields(after).starred)}`],
  'grant.create': ({ after }) => [`Gave the role ${spell(fields(after).role)}`],
  'grant.delete': ({ before }) => [`Took the role ${spell(fields(before).role)} away`],
}

/** A recorded change as sentences; one it does not know is named by its action. */
export function describeEntry(entry: Entry): string[] {
  const say = Object.hasOwn(sentences, entry.action) ? sentences[entry.action] : undefined
  const lines = say?.(entry) ?? [`${entry.action.replaceAll(/[._]/g, ' ')} (${entry.target})`]
  return lines.length > 0 ? lines : ['Published again, unchanged']
}
