import { signIn } from '@/lib/auth/people'
import { handler } from '@/lib/http/handler'

export const POST = handler(signIn, { session: ({ session }) => session })
