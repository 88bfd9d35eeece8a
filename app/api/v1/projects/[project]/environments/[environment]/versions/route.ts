import { listVersions } from '@/lib/control/versions'
import { handler } from '@/lib/http/handler'

export const GET = handler(listVersions)
