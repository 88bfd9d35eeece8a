import { rotateKey } from '@/lib/control/keys'
import { handler } from '@/lib/http/handler'

export const POST = handler(rotateKey, { status: 201 })
