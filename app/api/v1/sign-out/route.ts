import { signOut } from '@/lib/auth/people'
import { handler } from '@/lib/http/handler'

export const POST = handler(signOut, { ownSession: true, session: () => null, forgets: true })
