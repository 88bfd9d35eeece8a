import { createToken, listTokens } from '@/lib/control/people/tokens'
import { handler } from '@/lib/http/handler'

export const GET = handler(listTokens)
export const POST = handler(createToken, { status: 201 })
