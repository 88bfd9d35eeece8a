import { rotateStream } from '@/lib/control/audit-streams'
import { handler } from '@/lib/http/handler'

export const POST = handler(rotateStream)
