import { deleteGroup, getGroup, updateGroup } from '@/lib/control/people/groups'
import { handler } from '@/lib/http/handler'

export const GET = handler(getGroup)
export const PATCH = handler(updateGroup)
export const DELETE = handler(deleteGroup)
