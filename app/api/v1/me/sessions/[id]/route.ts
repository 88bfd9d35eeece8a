import { endMySession } from '@/lib/control/people/sessions'
import { handler } from '@/lib/http/handler'

export const DELETE = handler(endMySession)
