import { deleteScimGroup, getScimGroup, patchScimGroup, replaceScimGroup } from '@/lib/control/scim/groups'
import { scim } from '@/lib/http/scim'

export const GET = scim(getScimGroup)
export const PUT = scim(replaceScimGroup)
export const PATCH = scim(patchScimGroup)
export const DELETE = scim(deleteScimGroup)
