import { beginSignIn } from '@/lib/auth/sso/begin'
import { handler } from '@/lib/http/handler'

export const POST = handler(beginSignIn, { browser: ({ browser }) => browser })
