import { createStream, listStreams } from '@/lib/control/audit-streams'
import { handler } from '@/lib/http/handler'

export const GET = handler(listStreams)
export const POST = handler(createStream, { status: 201 })
