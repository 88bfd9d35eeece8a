import { getTest } from '@/lib/control/sso/tests'
import { handler } from '@/lib/http/handler'

export const GET = handler(getTest)
