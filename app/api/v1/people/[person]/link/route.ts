import { createPersonLink } from '@/lib/auth/invite'
import { handler } from '@/lib/http/handler'

export const POST = handler(createPersonLink, { status: 201, limit: 'invites', account: 'person' })
