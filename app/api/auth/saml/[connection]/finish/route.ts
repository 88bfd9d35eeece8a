import { samlArrived } from '@/lib/auth/sso/arrive'
import { arrival } from '@/lib/http/arrival'

export const GET = arrival(samlArrived)
