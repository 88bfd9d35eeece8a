import { revokeToken } from '@/lib/control/people/tokens'
import { handler } from '@/lib/http/handler'

export const DELETE = handler(revokeToken)
