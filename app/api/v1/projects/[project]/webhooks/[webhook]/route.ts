import { deleteWebhook, getWebhook, updateWebhook } from '@/lib/control/webhooks'
import { handler } from '@/lib/http/handler'

export const GET = handler(getWebhook)
export const PATCH = handler(updateWebhook)
export const DELETE = handler(deleteWebhook)
