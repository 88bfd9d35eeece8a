'use client'

import type { JackstaffWebProviderOptions } from '@jackstaff/openfeature-web'
import { type EvaluationContext, OpenFeatureProvider } from '@openfeature/react-sdk'
import { type ReactNode, useState } from 'react'
import { openClient } from './open-client'

type Props = { options: JackstaffWebProviderOptions; context: EvaluationContext; children: ReactNode }

/** Gives the flags of one visitor to the client components inside. Another visitor needs another `key`. */
export function FlagsProvider({ options, context, children }: Props) {
  const [client] = useState(() => openClient(options, context))
  return <OpenFeatureProvider client={client}>{children}</OpenFeatureProvider>
}
