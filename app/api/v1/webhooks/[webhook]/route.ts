import { deleteStream, getStream, updateStream } from '@/lib/control/audit-streams'
import { handler } from '@/lib/http/handler'

export const GET = handler(getStream)
export const PATCH = handler(updateStream)
export const DELETE = handler(deleteStream)
