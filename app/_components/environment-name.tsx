import { ShieldAlert } from 'lucide-react'
import type { EnvironmentView } from '@/lib/control/views'

/** Where a mistake reaches customers: marked in amber, and in words. */
export const isSensitive = ({ key, protected: guarded }: Pick<EnvironmentView, 'key' | 'protected'>) =>
  guarded || /^prod(uction)?$/i.test(key)

export function EnvironmentName({ environment }: { environment: EnvironmentView }) {
  if (!isSensitive(environment)) return <span>{environment.name}</span>
  return (
    <span className="inline-flex items-center gap-1 align-bottom">
      <ShieldAlert size={14} aria-hidden className="text-caution" />
      {environment.name}
      {environment.protected && <span className="sr-only">, protected</span>}
    </span>
  )
}
