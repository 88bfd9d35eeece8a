import { starView } from '@/lib/control/saved-views'
import { handler } from '@/lib/http/handler'

export const PUT = handler(starView)
