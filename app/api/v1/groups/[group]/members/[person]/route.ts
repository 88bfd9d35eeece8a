import { addMember, removeMember } from '@/lib/control/people/groups'
import { handler } from '@/lib/http/handler'

export const PUT = handler(addMember)
export const DELETE = handler(removeMember)
