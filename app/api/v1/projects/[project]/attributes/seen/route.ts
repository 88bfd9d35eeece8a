import { getSeenAttributes } from '@/lib/control/attributes'
import { handler } from '@/lib/http/handler'

export const GET = handler(getSeenAttributes)
