import { endPersonSessions, listPersonSessions } from '@/lib/control/people/sessions'
import { handler } from '@/lib/http/handler'

export const GET = handler(listPersonSessions)
export const DELETE = handler(endPersonSessions)
