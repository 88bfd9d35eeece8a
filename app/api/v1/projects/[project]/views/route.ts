import { createView, listViews } from '@/lib/control/saved-views'
import { handler } from '@/lib/http/handler'

export const GET = handler(listViews)
export const POST = handler(createView, { status: 201 })
