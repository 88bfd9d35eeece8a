import { kill, restoreKilled } from '@/lib/control/kill'
import { handler } from '@/lib/http/handler'

export const PUT = handler(kill)
export const DELETE = handler(restoreKilled)
