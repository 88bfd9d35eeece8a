import { deleteSegment, getSegment, putSegment } from '@/lib/control/segments'
import { handler } from '@/lib/http/handler'

export const GET = handler(getSegment)
export const PUT = handler(putSegment)
export const DELETE = handler(deleteSegment)
