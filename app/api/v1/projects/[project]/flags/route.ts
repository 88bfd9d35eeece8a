import { listFlags } from '@/lib/control/flag-lists'
import { createFlag } from '@/lib/control/flags'
import { handler } from '@/lib/http/handler'

export const GET = handler(listFlags)
export const POST = handler(createFlag, { status: 201 })
