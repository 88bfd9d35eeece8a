import { createWebhook, listWebhooks } from '@/lib/control/webhooks'
import { handler } from '@/lib/http/handler'

export const GET = handler(listWebhooks)
export const POST = handler(createWebhook, { status: 201 })
