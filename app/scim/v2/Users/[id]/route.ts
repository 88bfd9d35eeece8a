import { deleteUser, getUser, patchUserById, replaceUser } from '@/lib/control/scim/users'
import { scim } from '@/lib/http/scim'

export const GET = scim(getUser)
export const PUT = scim(replaceUser)
export const PATCH = scim(patchUserById)
export const DELETE = scim(deleteUser)
