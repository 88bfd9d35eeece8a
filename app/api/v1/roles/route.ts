import { createRole, listRoles } from '@/lib/control/people/custom-roles'
import { handler } from '@/lib/http/handler'

export const GET = handler(listRoles)
export const POST = handler(createRole, { status: 201 })
