import { getKill, kill, restoreKilled } from '@/lib/control/kill'
import { handler } from '@/lib/http/handler'

export const GET = handler(getKill)
export const PUT = handler(kill, { limit: 'kills' })
export const DELETE = handler(restoreKilled, { limit: 'kills' })
