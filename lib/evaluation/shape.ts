import { isRecord, own } from './records'

/** What is wrong, and where: `path` is relative to the input that was checked. */
export type Fault = { readonly path: string; readonly message: string }

/** Looks at untrusted JSON; `null` where it is as it should be. */
export type Check = (input: unknown) => Fault | null

export const fault = (message: string): Fault => ({ path: '', message })

export function inside(path: string, inner: Fault | null): Fault | null {
  return inner && { path: path + inner.path, message: inner.message }
}

export function describeFault({ path, message }: Fault): string {
  return path === '' ? message : `${path.replace(/^\./, '')}: ${message}`
}

const SHOWN_CHARACTERS = 60

export function show(input: unknown): string {
  if (typeof input === 'string') return JSON.stringify(input.slice(0, SHOWN_CHARACTERS))
  if (Array.isArray(input)) return 'a list'
  if (typeof input === 'object' && input !== null) return 'an object'
  return input === undefined ? 'nothing' : String(input)
}

/** One predicate with its rule in words: `must be <rule>`. */
export function must(rule: string, test: (input: unknown) => boolean): Check {
  return (input) => (test(input) ? null : fault(`must be ${rule}, not ${show(input)}`))
}

export const boolean = must('true or false', (input) => typeof input === 'boolean')
export const string = must('a string', (input) => typeof input === 'string')
export const finiteNumber = must('a finite number', Number.isFinite)

export function integer(from: number, to: number): Check {
  return must(`a whole number from ${from} to ${to}`, (input) => {
    return Number.isSafeInteger(input) && (input as number) >= from && (input as number) <= to
  })
}

export function optional(check: Check): Check {
  return (input) => (input === undefined ? null : check(input))
}

export function list(check: Check, { from = 0, to = Number.POSITIVE_INFINITY } = {}): Check {
  return (input) => {
    if (!Array.isArray(input)) return fault(`must be a list, not ${show(input)}`)
    if (input.length < from) return fault(`has ${input.length} entries; it needs at least ${from}`)
    if (input.length > to) return fault(`has ${input.length} entries; the most is ${to}`)
    for (let i = 0; i < input.length; i++) {
      const found = check(input[i])
      if (found) return inside(`[${i}]`, found)
    }
    return null
  }
}

/** An object whose keys were chosen by users. */
export function record(key: Check, value: Check): Check {
  return (input) => {
    if (!isRecord(input)) return fault(`must be an object, not ${show(input)}`)
    for (const name of Object.keys(input)) {
      const found = key(name) ?? value(input[name])
      if (found) return inside(`[${show(name)}]`, found)
    }
    return null
  }
}

/** An object of known fields. Others are ignored, so that a newer producer can add to it. */
export function fields(checks: Readonly<Record<string, Check>>): Check {
  return (input) => {
    if (!isRecord(input)) return fault(`must be an object, not ${show(input)}`)
    for (const name of Object.keys(checks)) {
      const found = checks[name]!(own(input, name))
      if (found) return inside(`.${name}`, found)
    }
    return null
  }
}

/** An object told from its siblings by which one of these fields it has. */
export function oneOf(kinds: Readonly<Record<string, Check>>): Check {
  const names = Object.keys(kinds)
  return (input) => {
    if (!isRecord(input)) return fault(`must be an object, not ${show(input)}`)
    const present = names.filter((name) => Object.hasOwn(input, name))
    if (present.length !== 1) return fault(`must have exactly one of ${names.join(', ')}`)
    return kinds[present[0]!]!(input)
  }
}
