import { unlinkMyIdentity } from '@/lib/auth/sso/sign-in'
import { handler } from '@/lib/http/handler'

export const DELETE = handler(unlinkMyIdentity)
