import { samlPosted } from '@/lib/auth/sso/arrive'
import { arrival } from '@/lib/http/arrival'

export const POST = arrival(samlPosted, { form: 'SAMLResponse' })
