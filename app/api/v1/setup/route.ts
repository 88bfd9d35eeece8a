import { setUp } from '@/lib/auth/people'
import { handler } from '@/lib/http/handler'

export const POST = handler(setUp, { status: 201, limit: 'sign-in', session: ({ session }) => session })
