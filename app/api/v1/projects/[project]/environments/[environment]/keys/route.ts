import { createKey, listKeys } from '@/lib/control/keys'
import { handler } from '@/lib/http/handler'

export const GET = handler(listKeys)
export const POST = handler(createKey, { status: 201 })
