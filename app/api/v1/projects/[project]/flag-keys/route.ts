import { listFlagKeys } from '@/lib/control/flag-lists'
import { handler } from '@/lib/http/handler'

export const GET = handler(listFlagKeys)
