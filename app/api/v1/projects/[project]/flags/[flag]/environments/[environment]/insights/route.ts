import { getInsights } from '@/lib/control/insights'
import { handler } from '@/lib/http/handler'

export const GET = handler(getInsights)
