import { restoreFlag } from '@/lib/control/flags'
import { handler } from '@/lib/http/handler'

export const POST = handler(restoreFlag)
