import { createConnection, listConnections } from '@/lib/control/sso/connections'
import { handler } from '@/lib/http/handler'

export const GET = handler(listConnections)
export const POST = handler(createConnection, { status: 201 })
