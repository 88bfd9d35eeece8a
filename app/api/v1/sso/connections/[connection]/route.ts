import { deleteConnection, getConnection, replaceConnection } from '@/lib/control/sso/connections'
import { handler } from '@/lib/http/handler'

export const GET = handler(getConnection)
export const PUT = handler(replaceConnection)
export const DELETE = handler(deleteConnection)
