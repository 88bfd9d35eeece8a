import { getTargeting, putTargeting } from '@/lib/control/targeting'
import { handler } from '@/lib/http/handler'

export const GET = handler(getTargeting)
export const PUT = handler(putTargeting)
