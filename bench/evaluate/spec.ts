/** What is to be decided, said once. Every contender turns it into what its own users would configure. */

export type User = {
  readonly id: string
  readonly email: string
  readonly country: string
  readonly plan: string
  readonly seats: number
  readonly version: string
}

export type Test =
  | { readonly attribute: 'email'; readonly endsWith: string }
  | { readonly attribute: 'country' | 'plan'; readonly oneOf: readonly string[] }
  | { readonly attribute: 'seats'; readonly atLeast: number }
  | { readonly segment: string }

/** `percent`: true for that share of users, else false. `split`: equal shares of these strings. */
export type Serve =
  | { readonly value: boolean }
  | { readonly percent: number }
  | { readonly split: readonly string[] }

export type RuleSpec = { readonly when: readonly Test[]; readonly serve: Serve }

export type FlagSpec = {
  readonly key: string
  /** Flags that have to be true, or this one is false. */
  readonly needs: readonly string[]
  readonly rules: readonly RuleSpec[]
  readonly otherwise: Serve
}

/** Segments are lists of user ids. */
export type Environment = {
  readonly flags: readonly FlagSpec[]
  readonly segments: Readonly<Record<string, readonly string[]>>
}

export type Answer = boolean | string | undefined

/** The call an application would write, with its default value; the argument is what `prepare` made of a user. */
export type Ask = (context: unknown) => unknown

export type Engine = {
  /** The contender's own form of a context, made outside of every timing. */
  prepare(user: User): unknown
  ask(flag: FlagSpec): Ask
  answerOf(result: unknown): Answer
  close(): void | Promise<void>
}

/** An engine that was opened from the text its server sends. */
export type WiredEngine = Engine & {
  /** Applies what arrives when one flag has changed: `Wire.change`. */
  apply(change: string): void | Promise<void>
}

export type Wire = {
  text(environment: Environment): string
  open(text: string): WiredEngine | Promise<WiredEngine>
  /** What arrives when the flag at `index` of the environment has changed: that flag alone, or everything again. */
  change(environment: Environment, index: number, version: number): string
  /** How a change arrives, for the report. */
  readonly changeIs: string
  /** Where the official way to start is a file. */
  openFile?(path: string): Promise<WiredEngine>
}

export type Contender = {
  readonly name: string
  /** The call that is measured, for the report. */
  readonly call: string
  /** The call answers by a promise, and is awaited. */
  readonly isAsync: boolean
  /** Why this environment cannot be expressed, or undefined. */
  unable(environment: Environment): string | undefined
  open(environment: Environment): Engine | Promise<Engine>
  readonly wire?: Wire
}

export const isSplit = (flag: FlagSpec): boolean => 'split' in flag.otherwise

/** The same environment with another flag at that place. */
export function withChanged(environment: Environment, index: number, changed: FlagSpec): Environment {
  const flags = environment.flags.slice()
  flags[index] = changed
  return { ...environment, flags }
}
