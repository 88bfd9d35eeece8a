import { createGroup, listGroups } from '@/lib/control/people/groups'
import { handler } from '@/lib/http/handler'

export const GET = handler(listGroups)
export const POST = handler(createGroup, { status: 201 })
