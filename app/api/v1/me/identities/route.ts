import { beginLink } from '@/lib/auth/sso/begin'
import { listMyIdentities } from '@/lib/auth/sso/sign-in'
import { handler } from '@/lib/http/handler'

export const GET = handler(listMyIdentities)
export const POST = handler(beginLink, { status: 201, browser: ({ browser }) => browser })
