import { deleteView, updateView } from '@/lib/control/saved-views'
import { handler } from '@/lib/http/handler'

export const PATCH = handler(updateView)
export const DELETE = handler(deleteView)
