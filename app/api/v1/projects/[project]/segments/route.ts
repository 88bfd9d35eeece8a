import { createSegment, listSegments } from '@/lib/control/segments'
import { handler } from '@/lib/http/handler'

export const GET = handler(listSegments)
export const POST = handler(createSegment, { status: 201 })
