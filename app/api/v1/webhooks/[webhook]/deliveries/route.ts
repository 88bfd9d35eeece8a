import { listStreamDeliveries } from '@/lib/control/audit-streams'
import { handler } from '@/lib/http/handler'

export const GET = handler(listStreamDeliveries)
