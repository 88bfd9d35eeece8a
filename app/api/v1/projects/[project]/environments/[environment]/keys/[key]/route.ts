import { revokeKey, updateKey } from '@/lib/control/keys'
import { handler } from '@/lib/http/handler'

export const PATCH = handler(updateKey)
export const DELETE = handler(revokeKey)
