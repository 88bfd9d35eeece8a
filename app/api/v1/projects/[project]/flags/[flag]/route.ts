import { archiveFlag, getFlag, updateFlag } from '@/lib/control/flags'
import { handler } from '@/lib/http/handler'

export const GET = handler(getFlag)
export const PATCH = handler(updateFlag)
export const DELETE = handler(archiveFlag)
