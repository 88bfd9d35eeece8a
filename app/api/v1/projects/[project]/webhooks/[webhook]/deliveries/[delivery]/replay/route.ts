import { replayDelivery } from '@/lib/control/webhook-deliveries'
import { handler } from '@/lib/http/handler'

export const POST = handler(replayDelivery, { status: 201 })
