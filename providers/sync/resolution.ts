import type { ErrorCode, FlagMetadata, FlagType, Reason } from '../../lib/evaluation'

/** OpenFeature's ResolutionDetails, with reasons and error codes by name. */
export type ProviderResolution<T> = {
  readonly value: T
  readonly reason: Reason | 'CACHED'
  readonly variant?: string
  readonly errorCode?: ErrorCode | 'PROVIDER_NOT_READY' | 'PROVIDER_FATAL'
  readonly errorMessage?: string
  readonly flagMetadata: FlagMetadata
}

/** The type that a flag must have to take the place of this default. */
export function typeOf(defaultValue: unknown): FlagType {
  const type = typeof defaultValue
  return type === 'boolean' || type === 'string' || type === 'number' ? type : 'object'
}
