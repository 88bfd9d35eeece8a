import { deleteEnvironment, updateEnvironment } from '@/lib/control/environments'
import { handler } from '@/lib/http/handler'

export const PATCH = handler(updateEnvironment)
export const DELETE = handler(deleteEnvironment)
