import { whoAmI } from '@/lib/control/people/explain'
import { handler } from '@/lib/http/handler'

export const GET = handler(whoAmI)
