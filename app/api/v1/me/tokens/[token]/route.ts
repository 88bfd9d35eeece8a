import { revokeMyToken } from '@/lib/control/people/my-tokens'
import { handler } from '@/lib/http/handler'

export const DELETE = handler(revokeMyToken)
