import { restoreVersion } from '@/lib/control/versions'
import { handler } from '@/lib/http/handler'

export const POST = handler(restoreVersion)
