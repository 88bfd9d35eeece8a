import { testStream } from '@/lib/control/audit-streams'
import { handler } from '@/lib/http/handler'

export const POST = handler(testStream, { status: 201, limit: 'webhook-tests' })
