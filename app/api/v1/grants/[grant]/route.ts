import { deleteGrant } from '@/lib/control/people/grants'
import { handler } from '@/lib/http/handler'

export const DELETE = handler(deleteGrant)
