import { changeFlags } from '@/lib/control/bulk'
import { handler } from '@/lib/http/handler'

export const POST = handler(changeFlags)
