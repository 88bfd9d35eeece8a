import { getPerson, updatePerson } from '@/lib/control/people/people'
import { handler } from '@/lib/http/handler'

export const GET = handler(getPerson)
export const PATCH = handler(updatePerson)
