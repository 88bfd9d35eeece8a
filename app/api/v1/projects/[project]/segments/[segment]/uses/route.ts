import { getSegmentUses } from '@/lib/control/segments'
import { handler } from '@/lib/http/handler'

export const GET = handler(getSegmentUses)
