import { createGrant, listGrants } from '@/lib/control/people/grants'
import { handler } from '@/lib/http/handler'

export const GET = handler(listGrants)
export const POST = handler(createGrant, { status: 201 })
