import { createMyToken, listMyTokens } from '@/lib/control/people/my-tokens'
import { handler } from '@/lib/http/handler'

export const GET = handler(listMyTokens)
export const POST = handler(createMyToken, { status: 201 })
