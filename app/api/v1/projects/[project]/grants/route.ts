import { createProjectGrant, listProjectGrants } from '@/lib/control/people/grants'
import { handler } from '@/lib/http/handler'

export const GET = handler(listProjectGrants)
export const POST = handler(createProjectGrant, { status: 201 })
