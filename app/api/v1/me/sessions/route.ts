import { endMyOtherSessions, listMySessions } from '@/lib/control/people/sessions'
import { handler } from '@/lib/http/handler'

export const GET = handler(listMySessions)
export const DELETE = handler(endMyOtherSessions)
