import { listDeliveries } from '@/lib/control/webhook-deliveries'
import { handler } from '@/lib/http/handler'

export const GET = handler(listDeliveries)
