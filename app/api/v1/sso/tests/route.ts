import { beginTest } from '@/lib/auth/sso/begin'
import { handler } from '@/lib/http/handler'

export const POST = handler(beginTest, { status: 201, browser: ({ browser }) => browser })
