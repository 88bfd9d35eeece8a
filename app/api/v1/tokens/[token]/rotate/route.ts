import { rotateToken } from '@/lib/control/people/tokens'
import { handler } from '@/lib/http/handler'

export const POST = handler(rotateToken, { status: 201 })
