import { testWebhook } from '@/lib/control/webhooks'
import { handler } from '@/lib/http/handler'

export const POST = handler(testWebhook, { status: 201, limit: 'webhook-tests' })
