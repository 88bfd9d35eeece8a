import { rotateWebhook } from '@/lib/control/webhooks'
import { handler } from '@/lib/http/handler'

export const POST = handler(rotateWebhook)
