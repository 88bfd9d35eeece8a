import { breakGlass } from '@/lib/auth/break-glass'
import { handler } from '@/lib/http/handler'

export const POST = handler(breakGlass, { limit: 'sign-in', session: ({ session }) => session })
