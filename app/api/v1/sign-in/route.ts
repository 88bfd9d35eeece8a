import { signIn } from '@/lib/auth/people'
import { handler } from '@/lib/http/handler'

export const POST = handler(signIn, { limit: 'sign-in', session: ({ session }) => session })
