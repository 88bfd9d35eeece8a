import { listResourceTypes } from '@/lib/control/scim/discovery'
import { scim } from '@/lib/http/scim'

export const GET = scim(listResourceTypes)
