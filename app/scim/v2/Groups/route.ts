import { createScimGroup, listScimGroups } from '@/lib/control/scim/groups'
import { scim } from '@/lib/http/scim'

export const GET = scim(listScimGroups)
export const POST = scim(createScimGroup, 201)
