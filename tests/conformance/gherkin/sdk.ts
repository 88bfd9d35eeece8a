import type { BaseHook, EvaluationContext, EvaluationDetails, FlagValue } from '@openfeature/core'

export type Level = 'API' | 'Transaction' | 'Client' | 'Invocation' | 'Before Hooks'

/** The states that a provider can be asked to be in. */
export type State = 'stable' | 'not ready' | 'error' | 'fatal' | 'stale'

export type Method = 'Boolean' | 'String' | 'Number' | 'Object'

export type Question = {
  readonly method: Method
  readonly key: string
  readonly fallback: FlagValue
  /** What each level adds to the context. A scenario's own context is that of the invocation. */
  readonly contexts: Partial<Record<Level, EvaluationContext>>
  /** For this evaluation alone. */
  readonly hooks: readonly BaseHook[]
}

/** One of the two OpenFeature SDKs with our provider in it, behind the few things that scenarios do. */
export type Sdk = {
  readonly side: 'server' | 'web'
  /** Sets a provider in a domain of its own. */
  provide(state: State): Promise<void>
  status(): string
  /** On the client, so for every evaluation. */
  addHook(hook: BaseHook): void
  /** The second is what the SDK itself returned. */
  evaluate(question: Question): Promise<{ details: EvaluationDetails<FlagValue>; returned: unknown }>
  /** What the provider was given last. */
  mergedContext(): EvaluationContext
  close(): Promise<void>
}
