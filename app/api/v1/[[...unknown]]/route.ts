import { handler } from '@/lib/http/handler'
import { noSuchRoute } from '@/lib/http/no-such-route'

export const GET = handler(noSuchRoute)
export const POST = handler(noSuchRoute)
export const PUT = handler(noSuchRoute)
export const PATCH = handler(noSuchRoute)
export const DELETE = handler(noSuchRoute)
