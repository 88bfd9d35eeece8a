import { createUser, listUsers } from '@/lib/control/scim/users'
import { scim } from '@/lib/http/scim'

export const GET = scim(listUsers)
export const POST = scim(createUser, 201)
