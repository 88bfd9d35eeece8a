import { ControlError } from '../errors'
import { parseFilter, withoutSchema } from './filter'

// RFC 7644, 3.5.2, in the spellings of the identity providers: `op` in any case, values without a path as objects,
// booleans as texts, `name.givenName` as a name, members named by a filter or by a list.

export type PatchOp = {
  op: 'add' | 'replace' | 'remove'
  path: string
  filter: string | null
  value: unknown
}

const PATH = /^([\w.$:-]+?)(?:\[(.*)\])?(?:\.(\w+))?$/

const refused = (scimType: string, message: string) =>
  new ControlError('malformed', message, [], { scimType })

function pathOf(text: string): { path: string; filter: string | null } {
  const match = PATH.exec(withoutSchema(text.trim()))
  if (!match) throw refused('invalidPath', `path: "${text.slice(0, 100)}" is not a path of an attribute`)
  const [, name, filter, inner] = match
  return { path: (inner === undefined ? name! : `${name}.${inner}`).toLowerCase(), filter: filter ?? null }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Operations, each with one attribute: those without a path name their attributes in the value. */
export function spread(
  operations: readonly { op: string; path?: string | undefined; value?: unknown }[],
): PatchOp[] {
  return operations.flatMap(({ op: given, path, value }) => {
    const op = given.toLowerCase()
    if (op !== 'add' && op !== 'replace' && op !== 'remove')
      throw refused('invalidSyntax', `op: "${given.slice(0, 20)}" is none of add, replace and remove`)
    if (path !== undefined) return [{ op, ...pathOf(path), value }]
    if (op === 'remove') throw refused('noTarget', 'remove: name a path')
    if (!isObject(value))
      throw refused('invalidValue', 'an operation without a path takes an object as its value')
    return Object.entries(value).map(([name, inner]) => ({ op, ...pathOf(name), value: inner }))
  })
}

/** A user as SCIM's clients send one, as far as it is kept. */
export type UserDocument = {
  userName?: unknown
  externalId?: unknown
  displayName?: unknown
  active?: unknown
  name?: unknown
  emails?: unknown
}

const kept = {
  username: 'userName',
  externalid: 'externalId',
  displayname: 'displayName',
  active: 'active',
  emails: 'emails',
} as const

const names = {
  'name.formatted': 'formatted',
  'name.givenname': 'givenName',
  'name.familyname': 'familyName',
} as const

const own = <T extends object>(table: T, name: string): T[keyof T] | undefined =>
  Object.hasOwn(table, name) ? table[name as keyof T] : undefined

/** Applies operations to a user; attributes that are not kept here are passed over, as a PUT passes them over. */
export function patchUser(user: UserDocument, operations: readonly PatchOp[]): UserDocument {
  const result: UserDocument = { ...user }
  const name: { formatted?: unknown; givenName?: unknown; familyName?: unknown } = {}
  for (const { op, path, value: given } of operations) {
    const value = op === 'remove' ? null : given
    const attribute = own(kept, path)
    const part = own(names, path)
    if (attribute) result[attribute] = value
    else if (part) name[part] = value
    else if (path === 'name' && isObject(value)) Object.assign(name, value)
    else if (path === 'emails.value' && op !== 'remove') result.emails = [{ value, primary: true }]
  }
  // Only the whole name is kept: half of a new one says nothing about the other half.
  const isWhole = Boolean(name.formatted || (name.givenName && name.familyName))
  const isShown = operations.some(({ path }) => path === 'displayname')
  return isWhole ? { ...result, name, ...(isShown ? {} : { displayName: null }) } : result
}

export type GroupDocument = { displayName: unknown; externalId: unknown; members: Set<string> }

function idsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  return list.map((member) => {
    const id = isObject(member) ? member.value : member
    if (typeof id !== 'string' || id.length > 128)
      throw refused('invalidValue', 'members: each is an object with the id of a user as its value')
    return id
  })
}

/** Those that an operation on `members` means: by filter, by list, or all. */
function meant({ op, filter, value }: PatchOp, members: ReadonlySet<string>): readonly string[] {
  if (filter !== null)
    return parseFilter(filter).map(({ attribute, value }) => {
      if (attribute === 'value') return value
      throw refused('invalidFilter', 'members: filter them by value, such as members[value eq "…"]')
    })
  return op === 'remove' && value === undefined ? [...members] : idsOf(value)
}

function patchMembers(members: Set<string>, operation: PatchOp): void {
  const ids = meant(operation, members)
  if (operation.op === 'replace' && operation.filter === null) members.clear()
  for (const id of ids)
    if (operation.op === 'remove') members.delete(id)
    else members.add(id)
}

export function patchGroup(group: GroupDocument, operations: readonly PatchOp[]): GroupDocument {
  const result: GroupDocument = { ...group, members: new Set(group.members) }
  for (const operation of operations) {
    const { op, path, value } = operation
    if (path === 'members') patchMembers(result.members, operation)
    else if (path === 'displayname') result.displayName = value
    else if (path === 'externalid') result.externalId = op === 'remove' ? null : value
  }
  return result
}

export const membersOf = (value: unknown) => new Set(idsOf(value))
