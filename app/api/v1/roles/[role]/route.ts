import { deleteRole, getRole, updateRole } from '@/lib/control/people/custom-roles'
import { handler } from '@/lib/http/handler'

export const GET = handler(getRole)
export const PATCH = handler(updateRole)
export const DELETE = handler(deleteRole)
