import { createPerson } from '@/lib/auth/invite'
import { listPeople } from '@/lib/control/people/people'
import { handler } from '@/lib/http/handler'

export const GET = handler(listPeople)
export const POST = handler(createPerson, { status: 201, limit: 'invites', account: 'email' })
