import { createEnvironment, listEnvironments } from '@/lib/control/environments'
import { handler } from '@/lib/http/handler'

export const GET = handler(listEnvironments)
export const POST = handler(createEnvironment, { status: 201 })
