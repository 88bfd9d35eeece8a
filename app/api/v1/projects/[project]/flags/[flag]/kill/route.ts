import { killEverywhere } from '@/lib/control/kill'
import { handler } from '@/lib/http/handler'

export const PUT = handler(killEverywhere, { limit: 'kills' })
