import { revokeKey } from '@/lib/control/keys'
import { handler } from '@/lib/http/handler'

export const DELETE = handler(revokeKey)
